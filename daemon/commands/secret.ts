import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { besideDataFolder } from '../data-folder.ts';
import { InputFileError, UsageError } from '../errors.ts';
import { SecretVault, secretName } from '../vault/vault.ts';
import { command, dataFolderOf, oneOf } from './command.ts';

export const secretCommand = command({
  name: 'secret',
  usage: ['secret set NAME', 'secret remove NAME', 'secret list'],
  summary:
    'Keeps secrets encrypted in the data folder, for { vault: NAME } in the configuration. "set" reads the secret from stdin.',
  options: {},
  positionals: [1, 2],
  async run({ values, positionals: [word, name], terminal }) {
    const what = oneOf('The word after "secret"', word, ['set', 'remove', 'list']);
    const { env, out, now } = terminal;
    const folder = dataFolderOf(values.data, terminal);
    const vaultIn = (path: string): SecretVault => new SecretVault(path, env);
    if (what === 'list') {
      for (const { name, at } of vaultIn(resolve(folder)).list()) out(`${name}  ${at}\n`);
      return 0;
    }
    if (name === undefined || !secretName.test(name)) {
      throw new UsageError(
        `The name of the secret is ${name === undefined ? 'missing' : `"${name}"`}.`,
        'Give letters, digits, ., _ and -.',
      );
    }
    if (what === 'remove') {
      if (!vaultIn(resolve(folder)).remove(name))
        throw new InputFileError(name, 'there is no such secret in the vault');
      return 0;
    }
    // Never an argument: those are seen by every process of the machine.
    const value = (await text(process.stdin)).replace(/\r?\n$/, '');
    if (value === '') throw new InputFileError('stdin', 'there is no secret in it');
    vaultIn(besideDataFolder(folder)).set(name, value, now());
    return 0;
  },
});
