import type { Exchange } from '../../src/sandbox/index.ts';
import { type Violation, validateExchange } from './validate.ts';

export { type Violation, validateExchange } from './validate.ts';

/** Collects what a test's exchanges break of Graph's schema; hand `see` to the sandbox as its `validate`. */
export interface CsdlWatch {
  see(exchange: Exchange): void;
  readonly violations: readonly Violation[];
  /** How many exchanges were looked at: none would prove nothing. */
  readonly seen: number;
}

/** `requests: false` for tests that send wrong ones on purpose. */
export function watchCsdl({ requests = true }: { readonly requests?: boolean } = {}): CsdlWatch {
  const violations: Violation[] = [];
  let seen = 0;
  return {
    see(exchange) {
      seen += 1;
      violations.push(...validateExchange(exchange).filter(({ side }) => requests || side === 'answer'));
    },
    violations,
    get seen() {
      return seen;
    },
  };
}
