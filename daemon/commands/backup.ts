import { backUp } from '../backup/backup.ts';
import { command, dataFolderOf, required } from './command.ts';

export const backupCommand = command({
  name: 'backup',
  usage: ['backup --to FOLDER'],
  summary:
    'Copies the state of a data folder to a new folder as of one moment, also while its daemon runs (unless the tenant is the embedded one).',
  options: { to: { type: 'string' } },
  async run({ values, terminal }) {
    const to = required('--to', values.to);
    const { files } = await backUp(dataFolderOf(values.data, terminal), to, terminal.now());
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    terminal.out(`Backed up ${files.length} files, ${bytes.toLocaleString('en')} bytes, to ${to}.\n`);
    return 0;
  },
});
