// The peers' packages and the compiler of one of them. They are not part of the project: installed here on first use.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./", import.meta.url));
const MODULES = `${FOLDER}node_modules/`;
const STAMP = `${MODULES}.surety-bench`;

/** npm could not install the peers. */
export class PeersMissing extends Error {
  override readonly name = "PeersMissing";

  constructor(found: string) {
    super(
      `The peers' packages are not installed: ${found}. They come from the npm registry; try \`npm ci\` in bench/.`,
    );
  }
}

/**
 * Installs the packages of bench/package-lock.json, unless they are there.
 * @param say Told what is about to happen.
 * @throws PeersMissing
 */
export function installPeers(say: (sentence: string) => void): void {
  const lock = createHash("sha256").update(readFileSync(`${FOLDER}package-lock.json`));
  const wanted = lock.digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8").trim() === wanted) return;
  say("Installing Morpho Blue, Aave v3 and a compiler into bench/node_modules (once, 110 MB).");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { error, status, signal } = spawnSync("npm", args, {
    cwd: FOLDER,
    stdio: ["ignore", 2, "inherit"], // standard output is the table's
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw new PeersMissing(`npm did not start (${error.message})`);
  if (status !== 0) throw new PeersMissing(`npm ended with ${status ?? signal}`);
  writeFileSync(STAMP, `${wanted}\n`);
}

/** A file of the peers' packages. @param path Such as `@morpho-org/morpho-blue/src/Morpho.sol` */
export function readPeerFile(path: string): string {
  return readFileSync(`${MODULES}${path}`, "utf8");
}

/** Where a package of the peers is. */
export function peerPath(path: string): string {
  return `${MODULES}${path}`;
}
