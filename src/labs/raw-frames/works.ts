/** What can be done to a frame. Runs in the worker. */
export const works = ['stamp', 'crop', 'background', 'webgl', 'drop', 'nothing'] as const;
export type Work = (typeof works)[number];

/** Makes the frame that is sent out of the one that came: a new one, the same one, or none. Never closes. */
export type Treat = (frame: VideoFrame) => VideoFrame | undefined;

/** @throws {Error} when this browser cannot do it, in words */
export function openWork(work: Work): Treat {
  if (work === 'crop') return crop;
  if (work === 'webgl') return openWebGl();
  if (work === 'nothing') return (frame) => frame;
  if (work === 'drop') {
    let count = 0;
    return (frame) => (count++ % 2 === 0 ? frame : undefined);
  }
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser draws nothing in a worker.');
  return (frame) => {
    fit(canvas, frame);
    (work === 'stamp' ? stamp : blurAround)(context, frame);
    return new VideoFrame(canvas, { timestamp: frame.timestamp });
  };
}

/** Setting a size clears a canvas and takes time: only when it is another one. */
function fit(canvas: OffscreenCanvas, { displayWidth, displayHeight }: VideoFrame): void {
  if (canvas.width !== displayWidth) canvas.width = displayWidth;
  if (canvas.height !== displayHeight) canvas.height = displayHeight;
}

/** How large the words are, as a share of the height. */
const STAMP_SHARE = 0.11;

/** Words in the corner at the top, on a plate, so that they are read on any picture. */
function stamp(context: OffscreenCanvasRenderingContext2D, frame: VideoFrame): void {
  const { width, height } = context.canvas;
  const size = Math.round(height * STAMP_SHARE);
  context.drawImage(frame, 0, 0, width, height);
  context.font = `600 ${size}px system-ui, sans-serif`;
  const words = 'stamped';
  const plate = context.measureText(words).width + size;
  context.fillStyle = '#fff';
  context.fillRect(width - plate, 0, plate, size * 1.5);
  context.fillStyle = '#101417';
  context.fillText(words, width - plate + size / 2, size * 1.1);
}

/** A virtual background: what is outside a mask is blurred. Here it is an ellipse; a real one comes from a model. */
function blurAround(context: OffscreenCanvasRenderingContext2D, frame: VideoFrame): void {
  const { width, height } = context.canvas;
  context.filter = `blur(${Math.round(height / 18)}px)`;
  context.drawImage(frame, 0, 0, width, height);
  context.filter = 'none';
  context.save();
  context.beginPath();
  context.ellipse(width / 2, height / 2, width * 0.36, height * 0.46, 0, 0, 2 * Math.PI);
  context.clip();
  context.drawImage(frame, 0, 0, width, height);
  context.restore();
}

/** The middle half, without touching a pixel: another view of the same memory. */
function crop(frame: VideoFrame): VideoFrame {
  const { displayWidth, displayHeight, timestamp } = frame;
  // Even numbers: colour is often kept once for four pixels.
  const even = (value: number) => Math.floor(value / 2) * 2;
  const [width, height] = [even(displayWidth / 2), even(displayHeight / 2)];
  const visibleRect = { x: even(displayWidth / 4), y: even(displayHeight / 4), width, height };
  return new VideoFrame(frame, { timestamp, visibleRect, displayWidth: width, displayHeight: height });
}

const VERTEX = `
attribute vec2 corner;
varying vec2 place;
void main() {
  place = vec2(corner.x * 0.5 + 0.5, 0.5 - corner.y * 0.5);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;
/** Brightness turned into two colours, for each pixel at once. */
const FRAGMENT = `
precision mediump float;
uniform sampler2D picture;
varying vec2 place;
void main() {
  float light = dot(texture2D(picture, place).rgb, vec3(0.2126, 0.7152, 0.0722));
  gl_FragColor = vec4(mix(vec3(0.05, 0.08, 0.25), vec3(1.0, 0.9, 0.6), light), 1.0);
}`;

function openWebGl(): Treat {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl');
  if (!gl) throw new Error('This browser has no WebGL in a worker: the frames go through as they are.');
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('The graphics card takes no shader: the frames go through as they are.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
  const corner = gl.getAttribLocation(program, 'corner');
  gl.enableVertexAttribArray(corner);
  gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  // Sizes that are no powers of two.
  for (const [name, value] of [
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_MIN_FILTER, gl.LINEAR],
  ] as const)
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  return (frame) => {
    fit(canvas, frame);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, frame);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    return new VideoFrame(canvas, { timestamp: frame.timestamp });
  };
}
