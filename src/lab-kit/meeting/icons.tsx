/** The signs of the meeting's buttons: 20 × 20, drawn with lines, in the colour of the text beside them. */
const paths = {
  microphone:
    'M10 2.5a2.5 2.5 0 0 1 2.5 2.5v4.5a2.5 2.5 0 0 1-5 0V5A2.5 2.5 0 0 1 10 2.5zM5 9.5a5 5 0 0 0 10 0M10 14.5v3',
  'microphone-off':
    'M12.5 8.5V5a2.5 2.5 0 0 0-5 0v4.5m.8 1.8a2.5 2.5 0 0 0 3.4 0M5 9.5a5 5 0 0 0 8 4m1.9-3.2.1-.8M10 14.500v3M3 3l14 14',
  camera:
    'M3.5 5.500h8a1.5 1.5 0 0 1 1.5 1.500v6a1.5 1.5 0 0 1-1.5 1.500h-8A1.5 1.5 0 0 1 2 13V7a1.5 1.5 0 0 1 1.5-1.500zM13 9l5-2.500v7L13 11',
  'camera-off':
    'M7.5 5.500h4A1.5 1.5 0 0 1 13 7v3.500M13 9l5-2.500v7l-2.5-1.250M12.5 14.200a1.5 1.5 0 0 1-1 .300h-8A1.5 1.5 0 0 1 2 13V7a1.5 1.5 0 0 1 1.5-1.500M3 3l14 14',
  screen: 'M3 3.500h14v10H3zM7 17h6M10 13.500V17M10 11V6.500m-2 2 2-2 2 2',
  hand: 'M6 10.500V5.250a1.25 1.25 0 0 1 2.5 0V9m0-1V3.750a1.25 1.25 0 0 1 2.5 0V9m0-.500V4.750a1.25 1.25 0 0 1 2.5 0V10m0-2.500a1.25 1.25 0 0 1 2.5 0V12a6 6 0 0 1-6 6 6 6 0 0 1-5-2.700L3.3 12a1.3 1.3 0 0 1 2-1.600L6 11.5',
  smile: 'M10 2.500a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM7 12a3.5 3.5 0 0 0 6 0M7.5 7.500v1m5-1v1',
  chat: 'M3 4h14v10H9l-4 3.500V14H3z',
  people:
    'M7.5 9.500a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.500zM2.5 16a5 5 0 0 1 10 0M13 4.300a2.75 2.75 0 0 1 0 5M14.5 11.700A5 5 0 0 1 17.5 16',
  layout: 'M3 4h14v12H3zM3 11h14M8 11v5m4-5v5',
  record: 'M10 2.500a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z',
  inspect: 'M2.5 13.5 6 8l3 5 3.5-9 2.5 6h2.500M2.5 17h15',
  bot: 'M4 8h12v8H4zM10 8V4.500m0 0a1 1 0 1 0 0-2 1 1 0 0 0 0 2zM7.5 11.500v1m5-1v1M2 11v3m16-3v3',
  settings: 'M3 6h6m4 0h4M3 14h2m4 0h8M11 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM7 12a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  leave: 'M2.5 11.500c4-4.5 11-4.5 15 0l-1.5 2.5-3.5-1.200v-2.300a9 9 0 0 0-5 0v2.300L4 14z',
  up: 'm5.5 12.5 4.5-5 4.5 5',
  pin: 'M7 3h6l-1 5 2.5 3h-9L8 8zM10 11v6',
  'full-screen': 'M3 7.500V3h4.500M12.5 3H17v4.500M17 12.500V17h-4.500M7.5 17H3v-4.5',
  pip: 'M3 4h14v12H3zM10 10h5v4h-5z',
  keyboard: 'M2.5 5.500h15v9h-15zM5.5 8.500h.01m3 0h.01m3 0h.01m3 0h.01M5.5 11.500h9',
  close: 'm5 5 10 10M15 5 5 15',
  left: 'M12.5 4.5 7 10l5.5 5.5',
  right: 'M7.5 4.5 13 10l-5.5 5.5',
  speaking: 'M4 8v4m4-7v10m4-8v6m4-4v2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="meet-icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
