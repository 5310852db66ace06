// Puts one key router under the application and lends it to the parts of the screen.

import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { KeyRegistry, type Binding, type KeyProfile, type SaveKeys, type Scope } from "./registry";
import { KeyRouter } from "./router";
import { KeySheet } from "./KeySheet";

const RegistryContext = createContext<KeyRegistry | null>(null);

interface Props {
  children: ReactNode;
}

/** Belongs once around everything that binds keys; opens the sheet of keys on Ctrl+/. */
export function KeyRouterProvider({ children }: Props) {
  const { t } = useTranslation();
  const [registry] = useState(() => new KeyRegistry());
  const [sheet, setSheet] = useState(false);

  useEffect(() => new KeyRouter(registry).listen(window), [registry]);
  useEffect(
    () =>
      registry.register("global", [
        {
          id: "keys.sheet",
          label: t("key.keys.sheet"),
          keys: ["Ctrl+Slash"],
          run: () => setSheet((open) => !open),
        },
      ]),
    [registry, t],
  );

  return (
    <RegistryContext value={registry}>
      {children}
      {sheet && <KeySheet registry={registry} onClose={() => setSheet(false)} />}
    </RegistryContext>
  );
}

export function useKeyRegistry(): KeyRegistry {
  const registry = useContext(RegistryContext);
  if (registry === null) throw new Error("useKeys needs a KeyRouterProvider around it");
  return registry;
}

/** Puts a person's own keys in place, and lends the sheet the way to keep changed ones; standard keys again when it goes away. */
export function useOwnKeys(profile: KeyProfile | undefined, save: SaveKeys | null): void {
  const registry = useKeyRegistry();
  useEffect(() => {
    if (profile === undefined) return undefined;
    try {
      registry.applyProfile(profile);
    } catch {
      // They do not fit what is shown now; whoever chose them sees the standard keys in the sheet and may choose again.
      registry.applyProfile({ version: 1, keys: {} });
    }
    return () => registry.applyProfile({ version: 1, keys: {} });
  }, [registry, profile]);
  useEffect(() => {
    registry.lendSave(save);
    return () => registry.lendSave(null);
  }, [registry, save]);
}

/**
 * Binds keys while the component is shown and `active`.
 * The functions may change at every rendering; ids, chords and fields decide whether the layer is registered anew.
 */
export function useKeys(scope: Scope, bindings: readonly Binding[], active = true): void {
  const registry = useKeyRegistry();
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });

  const shape = JSON.stringify(bindings.map(({ id, label, keys, commit, inFields }) => ({ id, label, keys, commit, inFields })));
  const stable = useMemo(() => layerOf(shape, latest), [shape]);
  useLayoutEffect(() => (active ? registry.register(scope, stable) : undefined), [registry, scope, stable, active]);
}

/** Bindings that ask the latest rendering what to do. */
function layerOf(shape: string, latest: { current: readonly Binding[] }): readonly Binding[] {
  // The shape was made from bindings a few lines above.
  const shapes = JSON.parse(shape) as Omit<Binding, "run" | "when">[];
  return shapes.map((binding) => {
    const now = () => latest.current.find((other) => other.id === binding.id);
    return {
      ...binding,
      when: () => {
        const current = now();
        return current !== undefined && (current.when === undefined || current.when());
      },
      run: () => now()?.run(),
    };
  });
}
