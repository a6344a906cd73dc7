// Sentences about numbers of one file that do not fit together: what was found, what is allowed.

/** The lower of two numbers is above the higher one. */
export function ordered(
  lowName: string,
  low: bigint,
  highName: string,
  high: bigint,
): readonly string[] {
  return low <= high
    ? []
    : [`${lowName}: found ${low}, allowed: at most ${highName}, which is ${high}`];
}

export function twice(place: string, names: readonly string[]): readonly string[] {
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return repeated.map((name) => `${place}: found ${name} twice, allowed: once`);
}

export function unknown(
  place: string,
  names: readonly string[],
  known: readonly string[],
): readonly string[] {
  return [...new Set(names)]
    .filter((name) => !known.includes(name))
    .map((name) => `${place}: found "${name}", allowed: ${known.join(", ")}`);
}
