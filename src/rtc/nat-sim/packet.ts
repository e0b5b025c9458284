import type { Side } from './plan.ts';

export interface Endpoint {
  readonly address: string;
  /** 1 … 65535. */
  readonly port: number;
}

export const isSame = (one: Endpoint, other: Endpoint): boolean =>
  one.address === other.address && one.port === other.port;

export const endpointText = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** A place in the network that packets come through. */
export type NodeId = 'a' | 'b' | 'router-a' | 'router-b' | 'carrier' | 'server' | 'internet';

/** What a connectivity check says besides being a Binding request (RFC 8445 §7.1). */
export interface Check {
  readonly by: Side;
  /** PRIORITY: what the sender's candidate gets if it turns out to be peer reflexive. §7.1.1 */
  readonly priority: number;
  /** USE-CANDIDATE: the controlling agent nominates this pair. §7.1.2 */
  readonly useCandidate: boolean;
}

/** What a packet carries: STUN (RFC 8489) and TURN (RFC 8656). `id` joins a request and its response. */
export type Message =
  | { readonly is: 'binding'; readonly id: number; readonly check?: Check }
  | {
      readonly is: 'binding-success';
      readonly id: number;
      readonly mapped: Endpoint;
      readonly isAnswerTo: 'check' | 'gathering';
    }
  | { readonly is: 'allocate'; readonly id: number; readonly hasCredential: boolean }
  | { readonly is: 'allocate-error'; readonly id: number; readonly code: 401 }
  | {
      readonly is: 'allocate-success';
      readonly id: number;
      readonly relayed: Endpoint;
      readonly mapped: Endpoint;
    }
  | { readonly is: 'create-permission'; readonly id: number; readonly address: string }
  | { readonly is: 'create-permission-success'; readonly id: number }
  | { readonly is: 'create-permission-error'; readonly id: number; readonly code: 403 }
  | { readonly is: 'send'; readonly to: Endpoint; readonly data: Message }
  | { readonly is: 'data'; readonly from: Endpoint; readonly data: Message };

export interface Packet {
  readonly transport: 'udp' | 'tcp';
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly message: Message;
}
