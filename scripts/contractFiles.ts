// Which Solidity files the programs need: the protocol, and what a local chain is given of tokens, feeds and venues. The other
// mocks and the harnesses are for tests; they take a quarter of the time that a build from nothing takes.
import { globSync } from "node:fs";
import path from "node:path";

/** Files of packages whose artifacts and types are read, too. */
export const PACKAGE_FILES = [
  "@openzeppelin/contracts/access/manager/AccessManager.sol",
  "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol",
];

/** Mocks that a local chain is given. */
export const LOCAL_MOCKS = [
  "MockAggregator",
  "MockRates",
  "MockToken",
  "MockUniswapV3Venue",
] as const;

const MOCKS = "contracts/mocks";

/** What `hardhat build` is to compile for the programs, relative to the root. */
export function protocolFiles(root: string): readonly string[] {
  const own = globSync("contracts/**/*.sol", { cwd: root })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => path.posix.dirname(file) !== MOCKS)
    .sort();
  const mocks = LOCAL_MOCKS.map((name) => `${MOCKS}/${name}.sol`);
  return [...own, ...mocks, ...PACKAGE_FILES.map((file) => `npm:${file}`)];
}
