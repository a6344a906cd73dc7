// Morpho Blue and the contracts of this folder, with the compiler and the settings of Morpho's own build.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Artifact } from "./artifact.ts";
import { peerPath, readPeerFile } from "./packages.ts";

const CACHE = fileURLToPath(new URL("../cache/peers/", import.meta.url));
const OWN = new URL("./contracts/", import.meta.url);
const MORPHO = "@morpho-org/morpho-blue/src/Morpho.sol";
const OWN_FILES = ["AdaptiveRate.sol", "AnswerFeed.sol", "FeedOracle.sol"];

/** foundry.toml of Morpho Blue, profile `build`. */
const SETTINGS = {
  viaIR: true,
  optimizer: { enabled: true, runs: 999_999 },
  metadata: { bytecodeHash: "none" },
  evmVersion: "paris",
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
};

/** The compiler found an error. */
export class PeersNotCompiled extends Error {
  override readonly name = "PeersNotCompiled";

  constructor(messages: readonly string[]) {
    super(`The peers do not compile: ${messages.join("\n")}`);
  }
}

/** Contracts by name. */
export type Compiled = Readonly<Record<string, Artifact>>;

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, OutputContract>>>>;
}

interface OutputContract {
  readonly abi: Artifact["abi"];
  readonly evm: { readonly bytecode: { readonly object: string } };
}

interface Solc {
  compile(input: string, callbacks: { import: (path: string) => object }): string;
}

/**
 * Compiles, or takes what was compiled of the same sources before.
 * @param say Told that it takes a while.
 * @throws PeersNotCompiled
 */
export function compilePeers(say: (sentence: string) => void): Compiled {
  const own = OWN_FILES.map((file) => [file, readFileSync(new URL(file, OWN), "utf8")] as const);
  const sources = [...own, [MORPHO, readPeerFile(MORPHO)] as const];
  const input = JSON.stringify({
    language: "Solidity",
    sources: Object.fromEntries(sources.map(([file, content]) => [file, { content }])),
    settings: SETTINGS,
  });
  // what is imported has the version that the lock file fixes
  const lock = readFileSync(new URL("./package-lock.json", import.meta.url), "utf8");
  const key = createHash("sha256").update(input).update(lock).digest("hex").slice(0, 32);
  const cached = `${CACHE}${key}.json`;
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, "utf8")) as Compiled;
  say("Compiling Morpho Blue through the IR (once, half a minute).");
  const compiled = compile(input);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(cached, JSON.stringify(compiled));
  return compiled;
}

function compile(input: string): Compiled {
  const solc = createRequire(import.meta.url)(peerPath("solc")) as Solc;
  const output = JSON.parse(
    solc.compile(input, { import: (path) => ({ contents: readPeerFile(path) }) }),
  ) as Output;
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0 || output.contracts === undefined) {
    throw new PeersNotCompiled(errors.map(({ formattedMessage }) => formattedMessage));
  }
  const contracts = Object.values(output.contracts).flatMap((file) => Object.entries(file));
  return Object.fromEntries(
    contracts.map(([name, { abi, evm }]) => [name, { abi, bytecode: `0x${evm.bytecode.object}` }]),
  );
}
