/** What one test runner left behind. */
export interface RunnerResult {
  readonly name: string;
  /** Everything it printed, without colour codes. */
  readonly output: string;
  readonly exitCode: number;
}

interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** What failed, and why a failure was added that no runner counted; one line each. */
  readonly remarks: readonly string[];
}

/** Hardhat's Solidity runner and mocha: "12 passing (3s)", then "2 failing" only if there are any. */
const PASSING = /^[ \t]*(\d+) passing\b/gm;
const FAILING = /^[ \t]*(\d+) failing\b/gm;
/** "  1) SomeTest#test_it()", or "  1) suite" with nested titles on lines of their own, the last ended by a colon. */
const FAILED_TEST = /^ {2}\d+\) (.+(?:\n {7}.+)*)$/gm;
/** The project's own scripts. */
const PASSED_FAILED = /^(\d+) passed, (\d+) failed$/gm;

/** Adds up the summaries of all runners; silence and a bad exit are failures. */
export function summarise(results: readonly RunnerResult[]): TestSummary {
  const parts = results.map(summariseOne);
  return {
    passed: parts.reduce((sum, part) => sum + part.passed, 0),
    failed: parts.reduce((sum, part) => sum + part.failed, 0),
    remarks: parts.flatMap((part) => part.remarks),
  };
}

/** Whether the runner counted at least one test. */
export function ranTests({ output }: RunnerResult): boolean {
  const { passed, failed } = readCounts(output) ?? { passed: 0, failed: 0 };
  return passed + failed > 0;
}

/** The last line of a test run, alone. */
export function formatSummary(summary: Pick<TestSummary, "passed" | "failed">): string {
  return `${summary.passed} passed, ${summary.failed} failed`;
}

function summariseOne({ name, output, exitCode }: RunnerResult): TestSummary {
  const counts = readCounts(output);
  if (counts === undefined) {
    return { passed: 0, failed: 1, remarks: [`${name}: printed no summary (exit ${exitCode}).`] };
  }
  if (exitCode !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, remarks: [`${name}: no test failed, yet exit ${exitCode}.`] };
  }
  if (counts.passed + counts.failed === 0) {
    return { ...counts, failed: 1, remarks: [`${name}: ran no test.`] };
  }
  if (counts.failed === 0) return { ...counts, remarks: [] };
  return { ...counts, remarks: failedTests(output).map((title) => `${name}: failed: ${title}`) };
}

/** Titles in the list of failures that both runners print at their end: what a reader of the last lines looks for. */
function failedTests(output: string): readonly string[] {
  const list = output.slice([...output.matchAll(FAILING)].at(-1)?.index ?? output.length);
  return [...list.matchAll(FAILED_TEST)].map(([, title = ""]) =>
    title.trim().replace(/\s+/g, " ").replace(/:$/, ""),
  );
}

/** The last summary wins: tests may print lines that look like one, the runner speaks after them. */
function readCounts(output: string): { passed: number; failed: number } | undefined {
  const own = [...output.matchAll(PASSED_FAILED)].at(-1);
  if (own !== undefined) return { passed: Number(own[1]), failed: Number(own[2]) };

  const passing = [...output.matchAll(PASSING)].at(-1);
  if (passing === undefined) return undefined;
  const failing = [...output.matchAll(FAILING)].findLast(({ index }) => index > passing.index);
  return { passed: Number(passing[1]), failed: Number(failing?.[1] ?? 0) };
}
