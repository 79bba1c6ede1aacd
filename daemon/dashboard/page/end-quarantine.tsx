import { change } from './api.ts';
import { useAct, useShared } from './session.ts';

export function EndQuarantine({ scope }: { readonly scope: { readonly scope: string; readonly connector?: string } }) {
  const { session } = useShared();
  const act = useAct();
  if (session.role !== 'operator') return null;
  return (
    <button
      type="button"
      class="small"
      onClick={() =>
        void act(async () => {
          await change('POST', '/api/v1/quarantine/clear', scope);
          return 'The next cycle tries again.';
        })
      }
    >
      Try again now
    </button>
  );
}
