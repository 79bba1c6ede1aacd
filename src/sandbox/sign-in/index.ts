export { type Applications, applicationStore, type Credential, newSecret } from './applications.ts';
export { SignInRefusal } from './refusals.ts';
export { resourceOf } from './resources.ts';
export { signIn } from './sign-in.ts';
export { type Caller, type Tokens, tokenStore } from './tokens.ts';
