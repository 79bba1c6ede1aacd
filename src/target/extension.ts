/** A directory extension as a configuration asks for it. */
export interface ExtensionDefinition {
  /** `extension_<application id without hyphens>_<name>` */
  readonly name: string;
  readonly type: 'String' | 'Boolean' | 'Integer' | 'LargeInteger' | 'DateTime' | 'Binary';
  readonly many: boolean;
}

/** By the kinds of object that can have them. */
export interface DirectoryExtensions {
  readonly user?: readonly ExtensionDefinition[] | undefined;
  readonly group?: readonly ExtensionDefinition[] | undefined;
}

/** The synchronization service takes an extension by its name: the type is that of the value. */
export function extensionNames({ user, group }: DirectoryExtensions = {}) {
  return { user: user?.map(({ name }) => name), group: group?.map(({ name }) => name) };
}
