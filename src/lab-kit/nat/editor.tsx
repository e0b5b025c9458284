import {
  behaviours,
  dependences,
  kindOf,
  natKinds,
  type Dependence,
  type NatBehaviour,
  type NatKind,
  type NetworkPlan,
  type ServerChoice,
} from '../../rtc/nat-sim/plan.ts';
import { dependenceNames, kindNames } from '../../rtc/nat-sim/words.ts';
import { Segments } from '../panels/parts.tsx';
import { consistent } from './goals.ts';

interface EditorProps {
  readonly plan: NetworkPlan;
  readonly onChange: (plan: NetworkPlan) => void;
}

const servers: readonly (readonly [ServerChoice, string])[] = [
  ['none', 'None'],
  ['stun', 'STUN'],
  ['turn', 'STUN and TURN'],
];
const carriers = [
  ['nobody', 'nobody'],
  ['a', 'alice’s router'],
  ['b', 'bob’s router'],
  ['both', 'both routers'],
] as const;

/** What stands between alice and bob, as choices. */
export function NetworkEditor({ plan, onChange }: EditorProps) {
  const change = (part: Partial<NetworkPlan>) => onChange(consistent({ ...plan, ...part }));
  const { carrier } = plan;
  return (
    <div class="nat-editor">
      <NatChoice
        name={plan.sameRouter ? 'Their router' : 'alice’s router'}
        nat={plan.a}
        mayBeNone={!plan.sameRouter}
        onChange={(a) => change({ a })}
      />
      {!plan.sameRouter && (
        <NatChoice name="bob’s router" nat={plan.b} mayBeNone onChange={(b) => change({ b })} />
      )}
      <fieldset class="nat-group nat-between">
        <legend>Between them</legend>
        {plan.a && (
          <Check
            label="Both in one home, behind alice’s router"
            checked={plan.sameRouter}
            onChange={(sameRouter) => change({ sameRouter })}
          />
        )}
        {plan.sameRouter && (
          <Check
            label="Its Wi-Fi keeps devices apart (AP isolation)"
            checked={plan.isolation}
            onChange={(isolation) => change({ isolation })}
          />
        )}
        <label class="nat-field">
          <span>A carrier’s NAT (CGNAT) in front of</span>
          <select
            value={plan.sameRouter && carrier ? 'both' : (carrier?.serves ?? 'nobody')}
            onChange={({ currentTarget: { value } }) => {
              const behaviour = carrier?.behaviour ?? behaviours['port-restricted'];
              const serves = carriers.find(([id]) => id === value)?.[0] ?? 'nobody';
              change({ carrier: serves === 'nobody' || !behaviour ? undefined : { behaviour, serves } });
            }}
          >
            {carriers
              .filter(([id]) => !plan.sameRouter || id === 'nobody' || id === 'both')
              .map(([id, words]) => (
                <option key={id} value={id}>
                  {plan.sameRouter && id === 'both' ? 'their router' : words}
                </option>
              ))}
          </select>
        </label>
        <div class="nat-field">
          <span aria-hidden="true">Servers that both know</span>
          <Segments
            label="Servers that both know"
            options={servers}
            value={plan.servers}
            onChange={(choice) => change({ servers: choice })}
          />
        </div>
      </fieldset>
      {carrier && (
        <NatChoice
          name="The carrier’s NAT"
          nat={carrier.behaviour}
          onChange={(behaviour) => behaviour && change({ carrier: { ...carrier, behaviour } })}
        />
      )}
    </div>
  );
}

interface NatChoiceProps {
  readonly name: string;
  readonly nat: NatBehaviour | undefined;
  readonly mayBeNone?: boolean;
  readonly onChange: (nat: NatBehaviour | undefined) => void;
}

/** A kind by its old name, and below it what RFC 4787 calls it, where each behaviour can be changed by itself. */
function NatChoice({ name, nat, mayBeNone = false, onChange }: NatChoiceProps) {
  const kind = kindOf(nat);
  const choose = (value: string) => {
    const known = natKinds.find((one) => one === value);
    if (!known) return;
    const next = behaviours[known];
    onChange(next && { ...next, hairpinning: nat?.hairpinning ?? false });
  };
  return (
    <fieldset class="nat-group">
      <legend>{name}</legend>
      <label class="nat-field">
        <span>Kind</span>
        <select value={kind ?? 'own'} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {natKinds
            .filter((one) => one !== 'none' || mayBeNone)
            .map((one) => (
              <option key={one} value={one}>
                {optionWords(one)}
              </option>
            ))}
          {kind === undefined && <option value="own">a mixture of its own</option>}
        </select>
      </label>
      {nat && !nat.udpBlocked && (
        <details>
          <summary>
            {capital(dependenceNames[nat.mapping])} mapping, {dependenceNames[nat.filtering]} filtering
            {nat.hairpinning && ', hairpinning'}
          </summary>
          <Behaviour
            label="Mapping"
            value={nat.mapping}
            onChange={(mapping) => onChange({ ...nat, mapping })}
          />
          <Behaviour
            label="Filtering"
            value={nat.filtering}
            onChange={(filtering) => onChange({ ...nat, filtering })}
          />
          <Check
            label="Hairpinning"
            checked={nat.hairpinning}
            onChange={(hairpinning) => onChange({ ...nat, hairpinning })}
          />
        </details>
      )}
    </fieldset>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const optionWords = (kind: NatKind): string =>
  kind === 'none' ? 'no NAT (public address)' : kind === 'udp-blocked' ? 'UDP blocked' : kindNames[kind].old;

interface BehaviourProps {
  readonly label: string;
  readonly value: Dependence;
  readonly onChange: (value: Dependence) => void;
}

function Behaviour({ label, value, onChange }: BehaviourProps) {
  return (
    <label class="nat-field">
      <span>{label}</span>
      <select
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = dependences.find((one) => one === currentTarget.value);
          if (chosen) onChange(chosen);
        }}
      >
        {dependences.map((one) => (
          <option key={one} value={one}>
            {dependenceNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="ps-check">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
