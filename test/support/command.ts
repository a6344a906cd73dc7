// Commands of the repository, run as npm runs them: in a process of their own.
import { execFile } from "node:child_process";
import { root } from "../../scripts/runTool.ts";

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a script, named from the root of the repository, to its end. */
export function runCommand(script: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: root }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

/** `npm run explain` with arguments. */
export function explain(...args: readonly string[]): Promise<Ended> {
  return runCommand("scripts/explain.ts", ...args);
}

/** `npm run optimise` with arguments. */
export function optimise(...args: readonly string[]): Promise<Ended> {
  return runCommand("scripts/optimise.ts", ...args);
}
