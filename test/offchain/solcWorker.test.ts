import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import soljson from "solc/soljson.js";
import wrapper from "solc/wrapper.js";

const LIBRARY = "@openzeppelin/contracts/utils/math/Math.sol";
const CALLER = `import { Math } from "${LIBRARY}";
contract Caller { function root(uint256 a) external pure returns (uint256) { return Math.sqrt(a); } }`;

/** What `LIBRARY` imports, and it: the path that it is imported by, and its text. */
function librarySources(): Record<string, { content: string }> {
  const folder = fileURLToPath(new URL(".", import.meta.resolve(LIBRARY)));
  const files = ["math/Math.sol", "math/SafeCast.sol", "Panic.sol"];
  const read = (file: string) => ({ content: readFileSync(`${folder}../${file}`, "utf8") });
  return Object.fromEntries(
    files.map((file) => [`@openzeppelin/contracts/utils/${file}`, read(file)]),
  );
}

/** Standard JSON input, through the IR, which takes the most calls of the compiler. */
function inputOf(caller: string): string {
  return JSON.stringify({
    language: "Solidity",
    sources: { ...librarySources(), "Caller.sol": { content: caller } },
    settings: {
      viaIR: true,
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"] } },
    },
  });
}

describe("the compiler in a thread", () => {
  const cases = {
    "a contract with a library": { caller: CALLER, compiles: true },
    "an error of types": { caller: CALLER.replace("sqrt(a)", 'sqrt("a")'), compiles: false },
    "an error of syntax": { caller: CALLER.replace("contract", "contra"), compiles: false },
  };

  for (const [name, { caller, compiles }] of Object.entries(cases)) {
    it(`answers as the package does, to the byte: ${name}`, async () => {
      const compiler = import.meta.resolve("solc/soljson.js");
      const input = inputOf(caller);
      const worker = new Worker(new URL("../../scripts/solcWorker.mjs", import.meta.url), {
        workerData: { compiler, input },
      });
      const [answer] = await once(worker, "message");
      expect(answer).to.equal(wrapper(soljson).compile(input));
      const bytecode = JSON.parse(answer).contracts?.["Caller.sol"]?.Caller.evm.bytecode.object;
      expect(bytecode !== undefined && bytecode.length > 500).to.equal(compiles);
    });
  }
});
