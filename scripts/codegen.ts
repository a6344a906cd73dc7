// Writes sdk/generated/errors.ts from the artifacts of the last build.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ErrorFragment } from "ethers";
import { format, resolveConfig } from "prettier";
import { type AbiItem, type Artifact, readArtifacts } from "./artifacts.ts";
import { root } from "./runTool.ts";

const HEADER = "// Written by scripts/codegen.ts from the compiled contracts. Do not edit.\n";

interface CustomError {
  readonly selector: string;
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly contract: string;
}

try {
  await write("errors.ts", errorsSource(collectErrors(readArtifacts())));
} catch (error) {
  console.error(`codegen: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** Every custom error once; the contract named is the interface that declares it, where one does. */
function collectErrors(artifacts: readonly Artifact[]): readonly CustomError[] {
  const bySelector = new Map<string, CustomError>();
  for (const artifact of [...artifacts].sort(interfacesFirst)) {
    for (const item of artifact.abi) {
      if (item.type !== "error") continue;
      const found = customError(item, artifact.contractName);
      if (!bySelector.has(found.selector)) bySelector.set(found.selector, found);
    }
  }
  return [...bySelector.values()].sort((a, b) => (errorKey(a) < errorKey(b) ? -1 : 1));
}

function interfacesFirst(a: Artifact, b: Artifact): number {
  return Number(b.deployedBytecode === "0x") - Number(a.deployedBytecode === "0x");
}

function customError(item: AbiItem, contract: string): CustomError {
  const fragment = ErrorFragment.from(item);
  return {
    selector: fragment.selector,
    name: fragment.name,
    inputs: fragment.inputs.map(({ name, type }) => ({ name, type })),
    contract,
  };
}

function errorKey(error: CustomError): string {
  return `${error.name} ${error.selector}`;
}

function errorsSource(errors: readonly CustomError[]): string {
  return `${HEADER}
export interface CustomError {
  readonly selector: string;
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** The interface or contract that declares the error. */
  readonly contract: string;
}

export const CUSTOM_ERRORS: readonly CustomError[] = ${JSON.stringify(errors)};
`;
}

/** Writes only what changed, so that watchers and caches stay quiet. */
async function write(name: string, source: string): Promise<void> {
  const file = path.join(root, "sdk", "generated", name);
  const text = await format(source, { ...(await resolveConfig(file)), filepath: file });
  mkdirSync(path.dirname(file), { recursive: true });
  if (readIfThere(file) !== text) writeFileSync(file, text);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
