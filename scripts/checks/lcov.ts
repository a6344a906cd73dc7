interface CoverageException {
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

interface LcovFilter {
  readonly isCounted: (file: string) => boolean;
}

/** One sentence for each line of an lcov report that is missed, or excepted without need. */
export function findMissedLines(
  lcov: string,
  exceptions: readonly CoverageException[],
  { isCounted }: LcovFilter,
): readonly string[] {
  const lines = readLines(lcov).filter(({ file }) => isCounted(file));
  if (lines.length === 0) return ["The report holds no line of a contract."];

  const excepted = new Set(exceptions.map(({ file, line }) => `${file}:${line}`));
  const missed = new Set(
    lines.filter(({ hits }) => hits === 0).map(({ file, line }) => `${file}:${line}`),
  );
  return [
    ...[...missed.difference(excepted)].sort().map((place) => `${place}: reached by no test.`),
    ...[...excepted.difference(missed)]
      .sort()
      .map((place) => `${place}: excepted, but reached or not code; take it off the list.`),
  ];
}

interface LineHits {
  readonly file: string;
  readonly line: number;
  readonly hits: number;
}

/** SF:<file> opens a section, DA:<line>,<hits> is one line of it. */
function readLines(lcov: string): readonly LineHits[] {
  const lines: LineHits[] = [];
  let file = "";
  for (const row of lcov.split("\n")) {
    if (row.startsWith("SF:")) file = row.slice(3).replaceAll("\\", "/");
    const hit = /^DA:(\d+),(\d+)/.exec(row);
    if (hit !== null) lines.push({ file, line: Number(hit[1]), hits: Number(hit[2]) });
  }
  return lines;
}
