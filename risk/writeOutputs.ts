// Writes all outputs or none: each goes beside its place first, and takes it when all are complete.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "./inputError.ts";

export interface Output {
  readonly option: string; // that named the path, such as `--json`
  readonly path: string;
  readonly text: string;
}

/** Throws `InputError` if a place cannot be written; then no file of any place has changed, unless a rename itself fails. */
export async function writeOutputs(outputs: readonly Output[]): Promise<void> {
  const placed: string[] = [];
  try {
    for (const output of outputs) {
      placed.push(beside(output));
      await attempt(output, async () => {
        await mkdir(dirname(output.path), { recursive: true });
        await writeFile(beside(output), output.text);
      });
    }
    for (const output of outputs) await attempt(output, () => rename(beside(output), output.path));
  } finally {
    await Promise.all(placed.map((path) => rm(path, { force: true }).catch(() => undefined)));
  }
}

function beside({ path }: Output): string {
  return `${path}.${process.pid}.part`;
}

async function attempt({ option, path }: Output, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new InputError(
      {
        found: `${option} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
        allowed: "a path that can be written",
        whatToDo: "Choose another path, or make its folder writable.",
      },
      { cause },
    );
  }
}
