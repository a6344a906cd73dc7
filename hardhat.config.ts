import os from "node:os";
import { fileURLToPath } from "node:url";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { PACKAGE_FILES } from "./scripts/contractFiles.ts";

/** How often the optimizer expects each opcode to run: deployments are rare, calls are not. */
const OPTIMIZER_RUNS = 200;

// Depths of the Solidity tests. `npm run test:deep` raises them through the environment.
const fuzzRuns = positiveInteger("FUZZ_RUNS", 256);
const invariantRuns = positiveInteger("INV_RUNS", 64);
const invariantDepth = positiveInteger("INV_DEPTH", 64);

// Instrumented contracts are three times as large: their creation needs more gas than a transaction may have.
const withoutGasCap = process.argv.includes("--coverage")
  ? ({ transactionGasCap: false, blockGasLimit: 200_000_000 } as const)
  : {};

const compiler = {
  version: "0.8.37",
  // The compiler is an npm package, so that nothing is downloaded outside the lock file.
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: OPTIMIZER_RUNS },
    metadata: { bytecodeHash: "none" },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
};

// Compiled through the IR, which takes a tenth off what these execute themselves. Only here: it takes ten seconds for each, and
// minutes for all and the tests.
const throughIr = (runs: number) => ({
  ...compiler,
  settings: { ...compiler.settings, viaIR: true, optimizer: { enabled: true, runs } },
});
const overrides = {
  "contracts/LendingPool.sol": throughIr(1_000_000),
  "contracts/VaultUpkeep.sol": throughIr(1_000_000),
  // with a million runs CollateralVault is close to the limit of size; VaultLiquidation is with any
  "contracts/CollateralVault.sol": throughIr(OPTIMIZER_RUNS),
  "contracts/VaultLiquidation.sol": throughIr(100),
  // what it shares with CollateralVault has no room on the stack otherwise
  "contracts/VaultReuse.sol": throughIr(OPTIMIZER_RUNS),
};

/**
 * Hardhat leaves one core idle, and starts the long jobs first. With more jobs at a time than cores none waits while a core is idle:
 * a tenth less time on two cores.
 */
const everyCore: HardhatPlugin = {
  id: "every-core",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        build: (context, rootFilePaths, options, next) =>
          next(context, rootFilePaths, { ...options, concurrency: 3 * os.cpus().length }),
      }),
    }),
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, everyCore],
  solidity: {
    // Hardhat deploys with the production profile. It says the same here, so that what was tested is
    // what is deployed. Each profile has its own cache: `--build-profile default` saves a compile.
    profiles: {
      default: { compilers: [compiler], overrides, isolated: false },
      production: { compilers: [compiler], overrides, isolated: false },
    },
    npmFilesToBuild: PACKAGE_FILES,
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test", solidity: "test" },
    ignition: "deploy",
  },
  test: {
    solidity: {
      // Each call of a test is a transaction, so that nothing transient outlives it.
      isolate: true,
      fuzz: { runs: fuzzRuns },
      invariant: { runs: invariantRuns, depth: invariantDepth, failOnRevert: true },
    },
    mocha: { timeout: 120_000 },
  },
  coverage: {
    skipFiles: ["contracts/mocks/**"],
  },
  networks: {
    // The contract size limit holds here too; it is left unset because an explicit value would also
    // hold under coverage, whose instrumented bytecode is larger.
    default: { type: "edr-simulated", chainType: "l1", ...withoutGasCap },
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("DEPLOYER_PRIVATE_KEY")],
    },
    baseSepolia: {
      type: "http",
      chainType: "op",
      url: configVariable("BASE_SEPOLIA_RPC_URL"),
      accounts: [configVariable("DEPLOYER_PRIVATE_KEY")],
    },
  },
});

function positiveInteger(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new RangeError(`${name} must be a whole number from 1 to 999999999, found "${text}".`);
  }
  return Number(text);
}
