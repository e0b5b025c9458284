import { signal } from '@preact/signals';
import { between, type NetworkPlan } from '../../rtc/nat-sim/plan.ts';

/** The network on the simulator's stage; the matrix puts its own there, and the exercises look at it. */
export const chosenPlan = signal<NetworkPlan>(between('port-restricted', 'symmetric', 'stun'));

/** Where on the page the simulator is. */
export const THEATRE_ID = 'nat-simulator';

/** Puts a network on the stage and brings the stage into sight. */
export function putOnStage(plan: NetworkPlan): void {
  chosenPlan.value = plan;
  const stage = document.getElementById(THEATRE_ID);
  stage?.scrollIntoView({ block: 'start' });
  stage?.querySelector<HTMLElement>('[data-run-simulation]')?.focus({ preventScroll: true });
}
