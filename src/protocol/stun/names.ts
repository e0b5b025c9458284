/** The words of STUN and TURN: methods, attributes and error codes, each with the section that defines it. */

/** Where something is defined. */
export interface Spec {
  /** Such as `RFC 8489`, or what the attribute is an invention of. */
  readonly name: string;
  /** Such as `14.3`. */
  readonly section?: string;
}

export const methods = {
  Binding: 0x001,
  Allocate: 0x003,
  Refresh: 0x004,
  Send: 0x006,
  Data: 0x007,
  CreatePermission: 0x008,
  ChannelBind: 0x009,
} as const;

export const attributes = {
  MAPPED_ADDRESS: 0x0001,
  CHANGE_REQUEST: 0x0003,
  USERNAME: 0x0006,
  MESSAGE_INTEGRITY: 0x0008,
  ERROR_CODE: 0x0009,
  UNKNOWN_ATTRIBUTES: 0x000a,
  CHANNEL_NUMBER: 0x000c,
  LIFETIME: 0x000d,
  XOR_PEER_ADDRESS: 0x0012,
  DATA: 0x0013,
  REALM: 0x0014,
  NONCE: 0x0015,
  XOR_RELAYED_ADDRESS: 0x0016,
  REQUESTED_ADDRESS_FAMILY: 0x0017,
  EVEN_PORT: 0x0018,
  REQUESTED_TRANSPORT: 0x0019,
  DONT_FRAGMENT: 0x001a,
  ACCESS_TOKEN: 0x001b,
  MESSAGE_INTEGRITY_SHA256: 0x001c,
  PASSWORD_ALGORITHM: 0x001d,
  USERHASH: 0x001e,
  XOR_MAPPED_ADDRESS: 0x0020,
  RESERVATION_TOKEN: 0x0022,
  PRIORITY: 0x0024,
  USE_CANDIDATE: 0x0025,
  PADDING: 0x0026,
  RESPONSE_PORT: 0x0027,
  CONNECTION_ID: 0x002a,
  ADDITIONAL_ADDRESS_FAMILY: 0x8000,
  ADDRESS_ERROR_CODE: 0x8001,
  PASSWORD_ALGORITHMS: 0x8002,
  ALTERNATE_DOMAIN: 0x8003,
  ICMP: 0x8004,
  SOFTWARE: 0x8022,
  ALTERNATE_SERVER: 0x8023,
  FINGERPRINT: 0x8028,
  ICE_CONTROLLED: 0x8029,
  ICE_CONTROLLING: 0x802a,
  RESPONSE_ORIGIN: 0x802b,
  OTHER_ADDRESS: 0x802c,
  THIRD_PARTY_AUTHORIZATION: 0x802e,
  MOBILITY_TICKET: 0x8030,
  GOOG_NETWORK_INFO: 0xc057,
  GOOG_LAST_ICE_CHECK_RECEIVED: 0xc058,
  GOOG_MISC_INFO: 0xc059,
  GOOG_CONNECTION_ID: 0xc05b,
  GOOG_DELTA: 0xc05c,
  GOOG_DELTA_ACK: 0xc05d,
  GOOG_DELTA_SYNC_REQ: 0xc05e,
  GOOG_MESSAGE_INTEGRITY_32: 0xc060,
} as const;
export type AttributeKey = keyof typeof attributes;

/** Error codes with their reason phrases (RFC 8489 §14.8, RFC 8656 §19, RFC 8445 §7.3.1.1). */
export const errorReasons = {
  300: 'Try Alternate',
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  487: 'Role Conflict',
  500: 'Server Error',
  508: 'Insufficient Capacity',
} as const;

const methodSections: Record<keyof typeof methods, Spec> = {
  Binding: { name: 'RFC 8489', section: '2' },
  Allocate: { name: 'RFC 8656', section: '7' },
  Refresh: { name: 'RFC 8656', section: '8' },
  Send: { name: 'RFC 8656', section: '11.1' },
  Data: { name: 'RFC 8656', section: '11.3' },
  CreatePermission: { name: 'RFC 8656', section: '10' },
  ChannelBind: { name: 'RFC 8656', section: '12' },
};

const [stun, turn, ice] = ['RFC 8489', 'RFC 8656', 'RFC 8445'];
const libwebrtc: Spec = { name: 'libwebrtc, in no RFC' };
const attributeSections: Record<AttributeKey, Spec> = {
  MAPPED_ADDRESS: { name: stun, section: '14.1' },
  CHANGE_REQUEST: { name: 'RFC 5780', section: '7.2' },
  USERNAME: { name: stun, section: '14.3' },
  MESSAGE_INTEGRITY: { name: stun, section: '14.5' },
  ERROR_CODE: { name: stun, section: '14.8' },
  UNKNOWN_ATTRIBUTES: { name: stun, section: '14.13' },
  CHANNEL_NUMBER: { name: turn, section: '18.1' },
  LIFETIME: { name: turn, section: '18.2' },
  XOR_PEER_ADDRESS: { name: turn, section: '18.3' },
  DATA: { name: turn, section: '18.4' },
  REALM: { name: stun, section: '14.9' },
  NONCE: { name: stun, section: '14.10' },
  XOR_RELAYED_ADDRESS: { name: turn, section: '18.5' },
  REQUESTED_ADDRESS_FAMILY: { name: turn, section: '18.6' },
  EVEN_PORT: { name: turn, section: '18.7' },
  REQUESTED_TRANSPORT: { name: turn, section: '18.8' },
  DONT_FRAGMENT: { name: turn, section: '18.9' },
  ACCESS_TOKEN: { name: 'RFC 7635', section: '6.2' },
  MESSAGE_INTEGRITY_SHA256: { name: stun, section: '14.6' },
  PASSWORD_ALGORITHM: { name: stun, section: '14.12' },
  USERHASH: { name: stun, section: '14.4' },
  XOR_MAPPED_ADDRESS: { name: stun, section: '14.2' },
  RESERVATION_TOKEN: { name: turn, section: '18.10' },
  PRIORITY: { name: ice, section: '16.1' },
  USE_CANDIDATE: { name: ice, section: '16.1' },
  PADDING: { name: 'RFC 5780', section: '7.6' },
  RESPONSE_PORT: { name: 'RFC 5780', section: '7.5' },
  CONNECTION_ID: { name: 'RFC 6062', section: '6.2.1' },
  ADDITIONAL_ADDRESS_FAMILY: { name: turn, section: '18.11' },
  ADDRESS_ERROR_CODE: { name: turn, section: '18.12' },
  PASSWORD_ALGORITHMS: { name: stun, section: '14.11' },
  ALTERNATE_DOMAIN: { name: stun, section: '14.16' },
  ICMP: { name: turn, section: '18.13' },
  SOFTWARE: { name: stun, section: '14.14' },
  ALTERNATE_SERVER: { name: stun, section: '14.15' },
  FINGERPRINT: { name: stun, section: '14.7' },
  ICE_CONTROLLED: { name: ice, section: '16.1' },
  ICE_CONTROLLING: { name: ice, section: '16.1' },
  RESPONSE_ORIGIN: { name: 'RFC 5780', section: '7.3' },
  OTHER_ADDRESS: { name: 'RFC 5780', section: '7.4' },
  THIRD_PARTY_AUTHORIZATION: { name: 'RFC 7635', section: '6.1' },
  MOBILITY_TICKET: { name: 'RFC 8016', section: '3' },
  GOOG_NETWORK_INFO: libwebrtc,
  GOOG_LAST_ICE_CHECK_RECEIVED: libwebrtc,
  GOOG_MISC_INFO: libwebrtc,
  GOOG_CONNECTION_ID: libwebrtc,
  GOOG_DELTA: libwebrtc,
  GOOG_DELTA_ACK: libwebrtc,
  GOOG_DELTA_SYNC_REQ: libwebrtc,
  GOOG_MESSAGE_INTEGRITY_32: libwebrtc,
};

/** A name of the standard and where to read about it. */
export interface Named {
  readonly name: string;
  readonly spec: Spec;
}

const namedMethods = new Map<number, Named>(
  (Object.keys(methods) as (keyof typeof methods)[]).map((name) => [
    methods[name],
    { name, spec: methodSections[name] },
  ]),
);
const namedAttributes = new Map<number, Named>(
  (Object.keys(attributes) as AttributeKey[]).map((key) => [
    attributes[key],
    { name: key.replaceAll('_', '-'), spec: attributeSections[key] },
  ]),
);

/** Undefined for a method that is none of STUN's and TURN's. */
export function methodNamed(method: number): Named | undefined {
  return namedMethods.get(method);
}

/** Undefined for an attribute that is not in the list. */
export function attributeNamed(type: number): Named | undefined {
  return namedAttributes.get(type);
}

/** An attribute that a receiver must understand or refuse: its type is below 0x8000 (RFC 8489 §14). */
export function isComprehensionRequired(type: number): boolean {
  return type < 0x8000;
}
