/** What the server is doing and what it says of the open migration, and the words in which the status bar says so. */
import type { Gate } from './own';

export type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly version: string | undefined; readonly program: string }
  | { readonly kind: 'stopped'; readonly reason: string };

export interface Face {
  readonly text: string;
  readonly tooltip: string;
  /** Whether it is coloured, and as what. */
  readonly alarm: 'error' | 'warning' | undefined;
}

const ON_CLICK = 'Click for what there is to do.';
const SIGNS = { green: 'pass', yellow: 'warning', red: 'error' } as const;

export function face(state: State, gate: Gate | null): Face {
  switch (state.kind) {
    case 'starting':
      return { text: '$(loading~spin) Raincheck', tooltip: `Starting. ${ON_CLICK}`, alarm: undefined };
    case 'ready':
      return gate === null
        ? { text: '$(check) Raincheck', tooltip: `${running(state)} ${ON_CLICK}`, alarm: undefined }
        : { text: `$(${SIGNS[gate.gate]}) Gate ${gate.gate}`, tooltip: `${told(gate)} ${ON_CLICK}`, alarm: alarm(gate) };
    case 'stopped':
      return { text: '$(error) Raincheck', tooltip: `Stopped: ${state.reason} ${ON_CLICK}`, alarm: 'error' };
  }
}

/** In a sentence: what runs, or why nothing does. */
export function running(state: State): string {
  switch (state.kind) {
    case 'starting':
      return 'Starting.';
    case 'ready':
      return `${['Raincheck', state.version].filter(Boolean).join(' ')} (${state.program}).`;
    case 'stopped':
      return `Stopped: ${state.reason}`;
  }
}

/** A gate in a sentence. */
export function told({ gate, asks, reasons }: Gate): string {
  const because = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  return `This migration's gate is ${gate}: it ${asks}${because}.`;
}

function alarm({ gate }: Gate): Face['alarm'] {
  return gate === 'red' ? 'warning' : undefined;
}
