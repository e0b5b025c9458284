/** The bundle for browsers that simple-peer brings along: its source wants Node's modules. */
declare module 'simple-peer/simplepeer.min.js' {
  import SimplePeer from 'simple-peer';
  export default SimplePeer;
}
