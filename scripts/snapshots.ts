// Measures the runtime bytecode of every deployable contract against the limit and the snapshot.
//
//   node scripts/snapshots.ts --check      compare; the last line is `N passed, N failed`
//   npm run gas                            build, then rewrite snapshots/bytecode.json and gas.json
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { type Artifact, readArtifacts } from "./artifacts.ts";
import { build } from "./build.ts";
import { root, runTool } from "./runTool.ts";
import { formatSummary } from "./testSummary.ts";

/** EIP-170: no chain accepts a larger contract. */
const MAX_RUNTIME_BYTES = 24_576;

const REMEDY = "If it is meant, run `npm run gas` and explain it in the change.";

const snapshotFile = path.join(root, "snapshots", "bytecode.json");
const snapshotShape = z.record(z.string(), z.int().positive());

type Sizes = Readonly<Record<string, number>>;

const program = new Command("snapshots")
  .option("--check", "compare with the snapshot (the default)")
  .option("--update", "build, measure, and rewrite the snapshots of bytecode and gas")
  .parse();

process.exitCode = program.opts<{ update?: true }>().update ? await update() : check();

function check(): number {
  const found = measure();
  const expected = readSnapshot();
  const sentences = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  const complaints = sentences
    .map((sentence) => complaintAbout(sentence, found[sentence], expected[sentence]))
    .filter((complaint) => complaint !== undefined);

  console.log("\nBytecode sizes");
  for (const complaint of complaints) console.log(`  ${complaint}`);
  const passed = sentences.length - complaints.length;
  console.log(formatSummary({ passed, failed: complaints.length }));
  return complaints.length === 0 ? 0 : 1;
}

async function update(): Promise<number> {
  const built = await build();
  if (built.exitCode !== 0) return built.exitCode;

  const found = measure();
  mkdirSync(path.dirname(snapshotFile), { recursive: true });
  writeFileSync(snapshotFile, `${JSON.stringify(found, undefined, 2)}\n`);

  const tooLarge = Object.entries(found).filter(([, bytes]) => bytes > MAX_RUNTIME_BYTES);
  for (const [sentence, bytes] of tooLarge) console.error(`  ${overLimit(sentence, bytes)}`);

  const gasTests = globSync("test/gas/**/*.test.ts", { cwd: root }).sort();
  if (gasTests.length === 0) return tooLarge.length === 0 ? 0 : 1;
  const measured = await runTool("hardhat", ["test", "mocha", "--no-compile", ...gasTests], {
    env: { UPDATE_SNAPSHOTS: "1" },
  });
  return tooLarge.length === 0 ? measured.exitCode : 1;
}

function complaintAbout(
  sentence: string,
  found: number | undefined,
  expected: number | undefined,
): string | undefined {
  if (found === undefined) return `${sentence}: in the snapshot, but no such contract is built.`;
  if (found > MAX_RUNTIME_BYTES) return overLimit(sentence, found);
  if (expected === undefined) return `${sentence}: ${found}, not in the snapshot yet. ${REMEDY}`;
  if (found === expected) return undefined;
  const change = found > expected ? `+${found - expected}` : `${found - expected}`;
  return `${sentence}: was ${expected}, is ${found} (${change}). ${REMEDY}`;
}

function overLimit(sentence: string, bytes: number): string {
  return `${sentence}: ${bytes} bytes, ${bytes - MAX_RUNTIME_BYTES} over the limit of ${MAX_RUNTIME_BYTES}.`;
}

/** Sizes in bytes by sentence, sorted. */
function measure(): Sizes {
  const deployable = readArtifacts().filter(isDeployable);
  const sizes = deployable.map(({ contractName, deployedBytecode }): [string, number] => [
    `${contractName}: runtime bytecode`,
    (deployedBytecode.length - 2) / 2,
  ]);
  return Object.fromEntries(sizes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Ours, with code of its own: no interface, abstract contract, or library of internal functions. */
function isDeployable({ sourceName, abi, deployedBytecode }: Artifact): boolean {
  if (!sourceName.startsWith("contracts/")) return false;
  return deployedBytecode !== "0x" && abi.some(({ type }) => type !== "error" && type !== "event");
}

function readSnapshot(): Sizes {
  let text: string;
  try {
    text = readFileSync(snapshotFile, "utf8");
  } catch (error) {
    if (Reflect.get(Object(error), "code") !== "ENOENT") throw error;
    return {}; // the first snapshot: every size is named as missing in it
  }
  return snapshotShape.parse(JSON.parse(text));
}
