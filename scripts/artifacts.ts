import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./runTool.ts";

interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly AbiParameter[];
}

export interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
}

export interface Artifact {
  readonly contractName: string;
  /** Path of the source as the compiler knows it, such as `contracts/LendingPool.sol`. */
  readonly sourceName: string;
  readonly abi: readonly AbiItem[];
  readonly deployedBytecode: string;
}

/** Nothing was compiled yet. */
export class ArtifactsMissing extends Error {
  override readonly name = "ArtifactsMissing";
  readonly folder: string;

  constructor(folder: string) {
    super("No artifacts found; run `npm run build` first.");
    this.folder = folder;
  }
}

const artifactsFolder = path.join(root, "artifacts");

/** Every artifact of the last build, sorted by source and name; those of tests and mocks left out. @throws ArtifactsMissing */
export function readArtifacts(): readonly Artifact[] {
  if (!existsSync(artifactsFolder)) {
    throw new ArtifactsMissing(artifactsFolder);
  }
  return readdirSync(artifactsFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.sol[/\\][^/\\]+\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(path.join(artifactsFolder, file), "utf8")) as Artifact)
    .filter(({ sourceName }) => !/^(test|contracts\/mocks)\//.test(sourceName))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(artifact: Artifact): string {
  return `${artifact.sourceName}:${artifact.contractName}`;
}
