import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Asks before something is done, and says what it will do. The browser keeps the focus inside and gives it back. */
export function Confirm(props: {
  readonly title: string;
  readonly action: string;
  readonly dangerous?: boolean;
  readonly children: ComponentChildren;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={props.onClose}>
      <article>
        <h2 id="confirm-title">{props.title}</h2>
        {props.children}
        <footer>
          <button type="button" class="secondary" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button
            type="button"
            class={props.dangerous === true ? 'danger' : ''}
            onClick={() => {
              props.onConfirm();
              dialog.current?.close();
            }}
          >
            {props.action}
          </button>
        </footer>
      </article>
    </dialog>
  );
}
