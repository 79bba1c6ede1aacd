import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session, Status } from './answers.ts';
import { ProblemError } from './api.ts';

/** What every view of the page shares. */
export interface Shared {
  readonly session: Session;
  readonly status: Status | undefined;
  readonly reloadStatus: () => void;
  /** Somebody is looking. */
  readonly attentive: boolean;
  /** Tells whoever looks, and whoever listens. */
  readonly tell: (text: string) => void;
  /** Says to a screen reader what others see where it is. */
  readonly say: (text: string) => void;
}

export const SharedContext = createContext<Shared | undefined>(undefined);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === undefined) throw new Error('outside of the page');
  return shared;
}

/** Does something and tells how it went. */
export function useAct(): (work: () => Promise<string>) => Promise<boolean> {
  const { tell, reloadStatus } = useShared();
  return async (work) => {
    try {
      tell(await work());
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, detail, remedy } = error.problem;
      tell(`${detail} ${remedy} (${code})`);
      return false;
    } finally {
      reloadStatus();
    }
  };
}
