import { globSync, readFileSync } from "node:fs";
import path from "node:path";

interface CompilerMessage {
  readonly severity: string;
  readonly errorCode?: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string };
}

/** Warnings that say nothing about our code, by the compiler's number. */
const ACCEPTED_EVERYWHERE: Readonly<Record<string, string>> = {
  "2394": "transient storage is cleared at the end of every call that uses it",
};

/** Warnings that are no fault in a test. */
const ACCEPTED_IN_TESTS: Readonly<Record<string, string>> = {
  "2018": "a test need not say that it is a view",
  "3860": "a test contract is not deployed on a chain",
  "5574": "a test contract is not deployed on a chain",
};

/** The compiler's warnings about our contracts and tests, as it printed them, each once. */
export function findWarnings(messages: readonly CompilerMessage[]): readonly string[] {
  const own = messages.filter(({ severity, errorCode = "", sourceLocation }) => {
    const file = sourceLocation?.file ?? "";
    const inTests = file.startsWith("project/test/");
    if (severity === "info" || errorCode in ACCEPTED_EVERYWHERE) return false;
    if (inTests && errorCode in ACCEPTED_IN_TESTS) return false;
    return inTests || file.startsWith("project/contracts/");
  });
  return [...new Set(own.map(({ formattedMessage }) => formattedMessage.trim()))].sort();
}

/** Warnings of the compilations that made the artifacts under a root folder. */
export function checkWarnings(root: string): readonly string[] {
  const messages = globSync("artifacts/build-info/*.output.json", { cwd: root }).flatMap((file) => {
    const { output } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as {
      output: { errors?: readonly CompilerMessage[] };
    };
    return output.errors ?? [];
  });
  return findWarnings(messages);
}
