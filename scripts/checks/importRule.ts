// Which folder may import which. The sdk stands alone, the programs stand on the sdk and not on
// each other, and tests may see everything. Two programs are composed elsewhere than in themselves:
// the demo and `npm start` run the keeper on a fresh deployment, `npm run bench:gas` and
// `bench:scale` the bench, so scripts may import them.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * For each folder, the other folders it may import. What is not listed here may import anything.
 * indexer and app do not exist yet: the rule waits for them.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  sdk: [],
  indexer: ["sdk"],
  keeper: ["sdk"],
  risk: ["sdk"],
  bench: ["sdk"],
  app: ["sdk"],
  deploy: ["sdk"],
  scripts: ["sdk", "keeper", "deploy", "bench"],
};

/** Contract types are generated from the contracts and belong to nobody. */
const SHARED = ["types"];

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)["'](\.{1,2}\/[^"']*)["']/gm;

/** One sentence for each import in the file that crosses a border it must not cross. */
export function findForbiddenImports(file: string, source: string): readonly string[] {
  const own = folderOf(file);
  const allowed = ALLOWED[own];
  if (allowed === undefined) return [];
  return [...source.matchAll(SPECIFIER)]
    .map((match) => match[1] ?? "")
    .filter((specifier) => {
      const target = folderOf(path.posix.join(path.posix.dirname(file), specifier));
      return target !== own && !SHARED.includes(target) && !allowed.includes(target);
    })
    .map((specifier) => {
      const list = allowed.length === 0 ? "no other folder" : allowed.join(", ");
      return `${file}: imports "${specifier}"; ${own} may import ${list}.`;
    });
}

/** Applies the rule to every TypeScript file under a root folder. */
export function checkImports(root: string): readonly string[] {
  return Object.keys(ALLOWED)
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mts,js,mjs}`, { cwd: root }))
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => !file.includes("node_modules/"))
    .sort()
    .flatMap((file) => findForbiddenImports(file, readFileSync(path.join(root, file), "utf8")));
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}
