import { z } from "zod";
import { OPERATION_IDS, OPERATIONS, type OperationId } from "./operations.ts";

const gas = z.int().positive();

const schema = z.strictObject({
  source: z.strictObject({ figures: z.string(), floor: z.string(), published: z.string() }),
  rows: z.record(
    z.enum(Object.keys(OPERATIONS)),
    z.strictObject({ surety: gas, floor: gas, published: z.record(z.string(), gas) }),
  ),
});

/** What is known of an operation without measuring it here [gas] */
export interface Figure {
  readonly surety: number; // Surety's target: at most this
  readonly floor: number;
  readonly published: Readonly<Record<string, number>>; // by peer
}

export interface Figures {
  /** Where the numbers come from, in sentences. */
  readonly source: {
    readonly figures: string;
    readonly floor: string;
    readonly published: string;
  };
  readonly rows: Readonly<Record<OperationId, Figure>>;
}

/** The file of figures is not what it should be. */
export class FiguresInvalid extends Error {
  override readonly name = "FiguresInvalid";

  constructor(found: string, options?: ErrorOptions) {
    super(`bench/figures.json is not a file of figures: ${found}`, options);
  }
}

/** Reads bench/figures.json. @throws FiguresInvalid */
export function parseFigures(text: string): Figures {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new FiguresInvalid(z.prettifyError(parsed.error));
  const { source, rows } = parsed.data;
  const entries = OPERATION_IDS.map((id) => {
    const row = rows[id];
    if (row === undefined) throw new FiguresInvalid(`found no row "${id}" (${OPERATIONS[id]})`);
    return [id, row] as const;
  });
  return { source, rows: Object.fromEntries(entries) as Figures["rows"] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FiguresInvalid("found no JSON", { cause });
  }
}
