import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder, with no slash at the end. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Entry files of the tools in node_modules; each runs under the Node that runs this file. */
const entries = {
  biome: "@biomejs/biome/bin/biome",
  hardhat: "hardhat/dist/src/cli.js",
  prettier: "prettier/bin/prettier.cjs",
  solhint: "solhint/solhint.js",
  tsc: "typescript/bin/tsc",
} as const;

type Tool = keyof typeof entries;

export interface ToolResult {
  /** Standard output and standard error as they came, without colour codes. */
  readonly output: string;
  /** 0 means success; a signal counts as 1. */
  readonly exitCode: number;
}

export interface RunOptions {
  /** Variables added to the environment of the tool. */
  readonly env?: Readonly<Record<string, string>>;
  /** Show the output while it comes ("stream", the default) or only return it ("capture"). */
  readonly show?: "stream" | "capture";
}

/** Runs one of the project's tools from node_modules in the repository's root. */
export function runTool(
  tool: Tool,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ToolResult> {
  return runScript(path.join("node_modules", entries[tool]), args, options);
}

/** Runs a script of this repository, or an entry file in node_modules, under the same Node. */
export function runScript(
  script: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ToolResult> {
  const { env = {}, show = "stream" } = options;
  const wantsColour = show === "stream" && process.stdout.isTTY && !process.env.NO_COLOR;
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...(wantsColour ? { FORCE_COLOR: "1" } : {}), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

  const chunks: string[] = [];
  for (const [source, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    source.setEncoding("utf8");
    source.on("data", (chunk: string) => {
      chunks.push(chunk);
      if (show === "stream") target.write(chunk);
    });
  }

  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ output: withoutColours(chunks.join("")), exitCode: code ?? 1 });
    });
  });
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
}
