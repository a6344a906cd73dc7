// Makes node_modules complete, with npm run under the Node version the project needs.
//
// Plain JavaScript without dependencies, so that any Node >= 18 can run it. npm leaves out optional
// native packages whose engine range does not admit the running Node, hence the right Node first.
// Does nothing while package-lock.json is the one node_modules was made from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;
const NODE_VERSION = "24.21.0";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".surety-setup");
const localNode = path.join(modules, ".bin", "node");

const lockHash = createHash("sha256")
  .update(readFileSync(path.join(root, "package-lock.json")))
  .digest("hex");

if (isCurrent()) process.exit(0);

install();
provideNode();
const missing = findMissing();
if (missing.length > 0) fail(`npm finished, but these are missing: ${missing.join("; ")}.`);
writeFileSync(stamp, `${lockHash}\n`);

function isCurrent() {
  if (!existsSync(stamp) || readFileSync(stamp, "utf8").trim() !== lockHash) return false;
  return findMissing().length === 0;
}

/** What a complete node_modules must have and this one has not. */
function findMissing() {
  const missing = [];
  if (!existsSync(path.join(modules, "hardhat", "package.json"))) missing.push("hardhat");
  if (!hasNativeEdr()) missing.push(`the native package of edr for ${process.platform}`);
  const version = nodeVersion(localNode);
  if (majorOf(version) < NODE_MAJOR) {
    missing.push(`Node ${NODE_MAJOR} as node_modules/.bin/node (found ${version || "none"})`);
  }
  return missing;
}

function hasNativeEdr() {
  const edr = path.join(modules, "@nomicfoundation", "edr", "package.json");
  if (!existsSync(edr)) return false;
  const require = createRequire(edr);
  const names = Object.keys(require(edr).optionalDependencies ?? {});
  const platform = `edr-${process.platform}-${process.arch}`;
  return names
    .filter((name) => name.includes(platform))
    .some((name) => existsSync(path.join(modules, name, "package.json")));
}

function install() {
  // node_modules/.bin/node is about to be replaced, so the npm that runs must not depend on it.
  const cleanPath = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(path.delimiter);
  const env = { ...process.env, PATH: cleanPath };
  const ownNode = nodeVersion("node", env);
  const npm = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const command =
    majorOf(ownNode) >= NODE_MAJOR ? npm : ["npx", "-y", "-p", `node@${NODE_VERSION}`, ...npm];

  console.error(`setup: ${command.join(" ")} (half a minute)`);
  const [program, ...args] = command;
  const result = spawnSync(program, args, {
    cwd: root,
    env,
    // npm's own words belong to standard error: standard output is the program's.
    stdio: ["ignore", 2, "inherit"],
    shell: process.platform === "win32",
  });
  if (result.error) fail(`could not start ${program}: ${result.error.message}.`);
  if (result.status !== 0) fail(`${program} ended with code ${result.status ?? result.signal}.`);
}

/** Where no Node package exists for the platform, the machine's own Node serves if it is new enough. */
function provideNode() {
  if (majorOf(nodeVersion(localNode)) >= NODE_MAJOR) return;
  if (majorOf(process.version) < NODE_MAJOR) return;
  mkdirSync(path.dirname(localNode), { recursive: true });
  rmSync(localNode, { force: true });
  symlinkSync(process.execPath, localNode);
}

function nodeVersion(program, env = process.env) {
  const result = spawnSync(program, ["--version"], { encoding: "utf8", env });
  return result.status === 0 ? result.stdout.trim() : "";
}

function majorOf(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
}

function fail(fact) {
  console.error(`setup: ${fact}`);
  console.error(
    `setup: needs the npm registry and either Node ${NODE_MAJOR} or later, or any Node >= 18 with npx.`,
  );
  console.error("setup: if node_modules is damaged, delete it and run `npm run setup` again.");
  process.exit(1);
}
