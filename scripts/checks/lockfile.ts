/** The only addresses a lock file may hold: pages where a maintainer takes donations. */
const FUNDING = /"(?:url|funding)":\s*"https?:/;
const ADDRESS = /(?:https?|git|ssh|file):\/\/|"resolved":/;

/** One sentence for each line that ties the lock file to a registry, a mirror or a download. */
export function findAddresses(lockfile: string, file = "package-lock.json"): readonly string[] {
  return lockfile
    .split("\n")
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => ADDRESS.test(text) && !FUNDING.test(text))
    .map(({ text, line }) => `${file}:${line}: ${text}`);
}
