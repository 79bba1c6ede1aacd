import { CloudSyncError, type ErrorCode, type Retry } from '../src/model/index.ts';

/** The single binary keeps its add-on in a folder that somebody else could write to. */
export class UnpackFolderError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7901';
  static readonly title: string = 'folder for unpacked files is not safe';
  static readonly retry: Retry = 'never';

  constructor(folder: string, problem: string, cause?: unknown) {
    super({
      message: `${folder} cannot hold the files this program unpacks: ${problem}`,
      remedy: `Make it a folder that only the user running cloudsync may enter, or name another one in CACHE_DIRECTORY.`,
      object: folder,
      cause,
    });
  }
}
