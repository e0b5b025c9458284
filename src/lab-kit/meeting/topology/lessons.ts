/** Where the topologies are explained. */
export const lessons = {
  mesh: '/lessons/topologies/full-mesh/',
  sfu: '/lessons/topologies/sfu/',
  layers: '/lessons/topologies/sfu/#three-encodings',
  choice: '/lessons/topologies/sfu/#who-gets-which',
  pages: '/lessons/topologies/sfu/#page-two-is-not-forwarded',
  mcu: '/lessons/topologies/mixing/',
} as const;
