import { openBackup, restore } from '../backup/restore.ts';
import { openDataFolder } from '../data-folder.ts';
import { command, dataFolderOf, required } from './command.ts';

export const restoreCommand = command({
  name: 'restore',
  usage: ['restore --from FOLDER [--replace]'],
  summary:
    'Puts a backup in place while no daemon runs. --replace moves a state that is there aside. What happened since is found again by anchor with the next cycle.',
  options: { from: { type: 'string' }, replace: { type: 'boolean', default: false } },
  async run({ values, terminal }) {
    const from = required('--from', values.from);
    // First, so that a backup that is refused leaves nothing behind.
    const backup = await openBackup(from);
    using folder = openDataFolder(dataFolderOf(values.data, terminal));
    const { manifest, aside } = restore({ backup, folder, replace: values.replace, now: terminal.now() });
    terminal.out(`Restored the backup of ${manifest.at} to ${folder.path}.\n`);
    if (aside !== undefined) terminal.out(`The state that was there is now in ${aside}.\n`);
    return 0;
  },
});
