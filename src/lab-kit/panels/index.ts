/** The panels that a lab can name in `lab.ts`, by id; and the code pane, which is always there. */
import type { PanelId } from '../define.ts';
import type { Component } from '../view.ts';
import { CandidatesPanel } from './candidates.tsx';
import { FaultsPanel } from './faults.tsx';
import { FindingsPanel } from './findings.tsx';
import { LadderPanel } from './ladder.tsx';
import { SdpPanel } from './sdp.tsx';
import { StatesPanel } from './states.tsx';
import { StatsPanel } from './stats.tsx';
import { TilesPanel } from './tiles.tsx';
import { TimelinePanel } from './timeline.tsx';
import { WirePanel } from './wire.tsx';

export { CodePane } from './code-pane.tsx';

export const panels: Readonly<Record<PanelId, { readonly title: string; readonly component: Component }>> = {
  tiles: { title: 'Pictures', component: TilesPanel },
  ladder: { title: 'Messages', component: LadderPanel },
  timeline: { title: 'Timeline', component: TimelinePanel },
  sdp: { title: 'SDP', component: SdpPanel },
  candidates: { title: 'ICE', component: CandidatesPanel },
  wire: { title: 'STUN/TURN', component: WirePanel },
  states: { title: 'States', component: StatesPanel },
  stats: { title: 'Statistics', component: StatsPanel },
  faults: { title: 'Faults', component: FaultsPanel },
  findings: { title: 'What is notable', component: FindingsPanel },
};
