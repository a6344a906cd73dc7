import { expect } from "chai";
import { formatSummary, ranTests, summarise } from "../../scripts/testSummary.ts";

const MOCHA = "  Vault\n    ✔ opens (12ms)\n\n\n  1 passing (40ms)\n";
const MOCHA_RED = `    1) opens
  7 passing (2s)
  1 pending
  2 failing

  1) Vault
       when it is new
         opens:

      AssertionError: 1) is not 2
      + expected - actual

  2) "before all" hook in "Pool":
     Error: no node
`;
const SOLIDITY_RED = `  883 passing
  1 failing

  1) BasketsTest#testFuzz_manyCalls((uint256[4],uint256),uint256)
    Error: AssertionFailed("more")
`;
const OWN = "Vectors\n40 passed, 0 failed\n";

describe("testSummary", () => {
  it("adds the counts of all runners", () => {
    const summary = summarise([
      { name: "solidity", output: "\n  12 passing\n  1 skipped\n", exitCode: 0 },
      { name: "mocha", output: MOCHA, exitCode: 0 },
      { name: "vectors", output: OWN, exitCode: 0 },
    ]);
    expect(summary).to.deep.equal({ passed: 53, failed: 0, remarks: [] });
  });

  it("counts failing tests and does not count pending ones as passed", () => {
    const summary = summarise([{ name: "mocha", output: MOCHA_RED, exitCode: 1 }]);
    expect(summary).to.include({ passed: 7, failed: 2 });
  });

  it("names the tests that failed", () => {
    const { remarks } = summarise([
      { name: "solidity", output: SOLIDITY_RED, exitCode: 1 },
      { name: "mocha", output: MOCHA_RED, exitCode: 1 },
    ]);
    expect(remarks).to.deep.equal([
      "solidity: failed: BasketsTest#testFuzz_manyCalls((uint256[4],uint256),uint256)",
      "mocha: failed: Vault when it is new opens",
      'mocha: failed: "before all" hook in "Pool"',
    ]);
  });

  it("adds one failure when a runner ends badly without a failing test", () => {
    const summary = summarise([{ name: "mocha", output: MOCHA, exitCode: 134 }]);
    expect(summary).to.include({ passed: 1, failed: 1 });
    expect(summary.remarks).to.deep.equal(["mocha: no test failed, yet exit 134."]);
  });

  it("takes a runner without a summary as one failure, whatever it returned", () => {
    const silent = { name: "vectors", output: "", exitCode: 0 };
    const crashed = { name: "solidity", output: "Error HHE27\n", exitCode: 1 };
    expect(summarise([silent, crashed])).to.include({ passed: 0, failed: 2 });
  });

  it("takes a runner that ran nothing as one failure", () => {
    const summary = summarise([{ name: "solidity", output: "  0 passing\n", exitCode: 0 }]);
    expect(summary).to.include({ passed: 0, failed: 1 });
  });

  it("believes the last summary, since tests may print one too", () => {
    const output = "  99 passing\n  3 failing\n  ✔ prints a report\n  2 passing (1s)\n";
    expect(summarise([{ name: "mocha", output, exitCode: 0 }])).to.include({
      passed: 2,
      failed: 0,
    });
  });

  it("is not misled by a test's name", () => {
    const output = "  ✔ 5 passing cars\n    1) 3 failing brakes\n  1 passing\n  1 failing\n";
    expect(summarise([{ name: "mocha", output, exitCode: 1 }])).to.include({
      passed: 1,
      failed: 1,
    });
  });

  it("tells a runner that found no test of the given name", () => {
    expect(ranTests({ name: "mocha", output: "  0 passing (1ms)\n", exitCode: 0 })).to.equal(false);
    expect(ranTests({ name: "mocha", output: MOCHA, exitCode: 0 })).to.equal(true);
  });

  it("is written as one line", () => {
    expect(formatSummary({ passed: 3, failed: 0 })).to.equal("3 passed, 0 failed");
  });
});
