// A parameter file before it is checked, to be spoilt by a test.
import { readFileSync } from "node:fs";
import path from "node:path";
import JSON5 from "json5";
import { type Parameters, ParametersInvalid } from "../../deploy/schema.ts";
import { root } from "../../scripts/runTool.ts";

export type Raw = { [name: string]: Raw | unknown };

export function fileOf(name: string): string {
  return path.join(root, "deploy", "params", `${name}.json5`);
}

/** What a file says. */
export function rawFile(name: string): Raw {
  return JSON5.parse<Raw>(readFileSync(fileOf(name), "utf8"));
}

/** Sets the value at a path such as `assets.0.cap`; undefined takes it away. */
export function set(raw: Raw, place: string, value: unknown): void {
  const names = place.split(".");
  const last = names.pop() ?? "";
  let target = raw;
  for (const name of names) target = target[name] as Raw;
  if (value === undefined) delete target[last];
  else target[last] = value;
}

/** What is refused, sentence by sentence. */
export function complaintsOf(parse: () => Parameters): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ParametersInvalid) return error.complaints;
    throw error;
  }
  return [];
}
