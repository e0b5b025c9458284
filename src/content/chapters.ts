/** The chapters in their order. A chapter's lessons are the files in its folder of src/content/docs/lessons. */
export const chapters = [
  { folder: 'orientation', title: 'Orientation' },
  { folder: 'media', title: 'Media capture' },
  { folder: 'signaling', title: 'Signaling and negotiation' },
  { folder: 'connectivity', title: 'Connectivity' },
  { folder: 'security', title: 'Security and transport' },
  { folder: 'quality', title: 'Quality' },
  { folder: 'data', title: 'Data channels' },
  { folder: 'topologies', title: 'Topologies and the meeting' },
  { folder: 'libraries', title: 'Libraries' },
  { folder: 'running', title: 'Debugging, testing, running' },
] as const;
