/** What the extension and the server say to each other beyond LSP. */

/** The deploy gate of a pending migration; the answer to `raincheck/gate`, which is null for all else. */
export interface Gate {
  readonly gate: 'green' | 'yellow' | 'red';
  /** What it asks of a deploy, as a clause. */
  readonly asks: string;
  /** What decided it: kinds of changes, and rules. */
  readonly reasons: readonly string[];
}

export const GATE = 'raincheck/gate';

/** What a command of the server returns to a client that shows it itself. */
export interface Preview {
  readonly title: string;
  readonly language: 'markdown' | 'sql';
  readonly text: string;
}

export function isPreview(answer: unknown): answer is Preview {
  const { title, language, text } = (answer ?? {}) as Partial<Record<keyof Preview, unknown>>;
  return typeof title === 'string' && typeof text === 'string' && (language === 'markdown' || language === 'sql');
}
