import { expect } from "chai";
import { findWarnings } from "../../scripts/checks/compilerWarnings.ts";
import { findForbiddenImports } from "../../scripts/checks/importRule.ts";
import { findMissedLines } from "../../scripts/checks/lcov.ts";
import { findAddresses } from "../../scripts/checks/lockfile.ts";

describe("the import rule", () => {
  it("lets a program import the sdk, itself, packages and contract types", () => {
    const source = `import { toSharesDown } from "../sdk/DebtShares.ts";
import type { Plan } from "./plan.ts";
import { z } from "zod";
import type { LendingPool } from "../types/ethers-contracts/index.ts";`;
    expect(findForbiddenImports("keeper/main.ts", source)).to.deep.equal([]);
  });

  it("names each import that crosses a border", () => {
    const source = `import { a } from "../indexer/store.ts";
import type { B } from '../../risk/b.ts';
export { c } from "../scripts/c.ts";
const d = await import("../bench/d.ts");
import "../app/e.ts";`;
    expect(findForbiddenImports("keeper/main.ts", source)).to.have.lengthOf(5);
    expect(findForbiddenImports("keeper/send/main.ts", source)).to.deep.equal([
      'keeper/send/main.ts: imports "../../risk/b.ts"; keeper may import sdk.',
    ]);
  });

  it("lets the sdk import nobody", () => {
    const source = `import {\n  run,\n} from "../keeper/run.ts";`;
    expect(findForbiddenImports("sdk/index.ts", source)).to.deep.equal([
      'sdk/index.ts: imports "../keeper/run.ts"; sdk may import no other folder.',
    ]);
  });

  it("lets scripts run the keeper on a deployment, and tests see everything", () => {
    const source = `import { keep } from "../keeper/keep.ts";
import core from "../deploy/modules/core.ts";`;
    expect(findForbiddenImports("scripts/demo.ts", source)).to.deep.equal([]);
    expect(findForbiddenImports("test/flow.test.ts", source)).to.deep.equal([]);
    expect(findForbiddenImports("risk/replay.ts", source)).to.have.lengthOf(2);
  });
});

describe("the lock file check", () => {
  it("lets funding pages pass", () => {
    const lockfile = `"version": "1.0.0",\n"funding": "https://example.org/donate",\n"url": "https://example.org"`;
    expect(findAddresses(lockfile)).to.deep.equal([]);
  });

  it("names the line of a download address", () => {
    const lockfile = `{\n  "resolved": "https://registry.example.org/a/-/a-1.0.0.tgz"\n}`;
    expect(findAddresses(lockfile)).to.deep.equal([
      'package-lock.json:2: "resolved": "https://registry.example.org/a/-/a-1.0.0.tgz"',
    ]);
  });
});

describe("the coverage check", () => {
  const lcov = `TN:
SF:contracts/A.sol
DA:10,1
DA:11,0
DA:12,0
end_of_record
SF:contracts/mocks/B.sol
DA:5,0
end_of_record
`;
  const isCounted = (file: string) => !file.includes("mocks");

  it("names missed lines and leaves excepted ones and mocks out", () => {
    const exceptions = [{ file: "contracts/A.sol", line: 12, why: "guards an impossible state" }];
    expect(findMissedLines(lcov, exceptions, { isCounted })).to.deep.equal([
      "contracts/A.sol:11: reached by no test.",
    ]);
  });

  it("does not keep an exception that is not needed", () => {
    const exceptions = [11, 12, 10].map((line) => ({ file: "contracts/A.sol", line, why: "…" }));
    expect(findMissedLines(lcov, exceptions, { isCounted })).to.deep.equal([
      "contracts/A.sol:10: excepted, but reached or not code; take it off the list.",
    ]);
  });

  it("does not take an empty report for full coverage", () => {
    expect(findMissedLines("TN:\n", [], { isCounted })).to.have.lengthOf(1);
  });
});

describe("the compiler check", () => {
  const warning = (file: string, errorCode = "6335") => ({
    severity: "warning",
    errorCode,
    formattedMessage: `Warning in ${file}\n`,
    sourceLocation: { file },
  });

  it("names warnings about our contracts and tests, each once", () => {
    const messages = [
      warning("project/contracts/A.sol"),
      warning("project/contracts/A.sol"),
      warning("project/test/A.t.sol"),
    ];
    expect(findWarnings(messages)).to.deep.equal([
      "Warning in project/contracts/A.sol",
      "Warning in project/test/A.t.sol",
    ]);
  });

  it("leaves out packages, accepted numbers, and what is no fault in a test", () => {
    const messages = [
      warning("npm/@openzeppelin/contracts@5.7.0/utils/TransientSlot.sol"),
      warning("project/contracts/Room.sol", "2394"),
      warning("project/test/A.t.sol", "2018"),
    ];
    expect(findWarnings(messages)).to.deep.equal([]);
  });
});
