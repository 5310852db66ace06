// What the station shows instead of work: one sentence, what it means, and the one thing to do about it.

import { useLayoutEffect, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  hint?: string | undefined;
  act?: { label: string; run: () => void; busy?: boolean } | undefined;
  problem?: string | undefined;
  children?: ReactNode;
}

export function Face({ title, hint, act, problem, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const has = act !== undefined;
  useLayoutEffect(() => {
    if (has) button.current?.focus();
  }, [has, title]);
  return (
    <section className="st-face" aria-label={title}>
      <h2>{title}</h2>
      {children}
      {act !== undefined && (
        <button ref={button} type="button" className="st-big" onClick={act.run} aria-disabled={act.busy === true}>
          {act.label}
        </button>
      )}
      {hint !== undefined && <p>{hint}</p>}
      {problem !== undefined && <p className="st-bad" role="alert">{problem}</p>}
    </section>
  );
}
