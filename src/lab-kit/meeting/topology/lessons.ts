/** Where the topologies are explained. */
export const lessons = {
  mesh: '/lessons/topologies/full-mesh/',
  sfu: '/lessons/topologies/sfu/',
  simulcast: '/lessons/topologies/simulcast/',
  mcu: '/lessons/topologies/mixing/',
} as const;
