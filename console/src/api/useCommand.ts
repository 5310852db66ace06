// A command with its intent: pressing again after a lost answer repeats the same intent and never acts twice.
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiProblem, newIntent, OfflineError, type Intent } from "./client";

/**
 * Runs `act` with the key of the user's intent.
 * The key is kept while the outcome is unknown (offline, a fault) and renewed once the server has answered.
 */
export function useCommand<I, O>(
  act: (input: I, intent: Intent) => Promise<O>,
  done?: (output: O, input: I) => unknown,
): UseMutationResult<O, Error, I> {
  const pending = useRef<{ input: string; intent: Intent } | undefined>(undefined);
  return useMutation<O, Error, I>({
    mutationFn: async (input) => {
      const shape = JSON.stringify(input) ?? "";
      if (pending.current === undefined || pending.current.input !== shape) pending.current = { input: shape, intent: newIntent() };
      const { intent } = pending.current;
      try {
        const output = await act(input, intent);
        pending.current = undefined;
        return output;
      } catch (error) {
        // After a fault the outcome is as unknown as after a dropped line.
        if (error instanceof ApiProblem && error.status < 500) pending.current = undefined;
        throw error;
      }
    },
    // A dropped line is tried once more by itself; the intent makes that safe.
    retry: (count, error) => error instanceof OfflineError && count < 1,
    retryDelay: 800,
    networkMode: "always",
    onSuccess: async (output, input) => {
      await done?.(output, input);
    },
  });
}
