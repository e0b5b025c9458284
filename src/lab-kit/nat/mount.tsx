import '../../rtc/signaling/no-eval.ts';
import { render } from 'preact';

/** Brings a part of the NAT lesson to life: the simulator, the matrix of recordings, or the exercises. */
export async function mountPart(place: HTMLElement): Promise<void> {
  switch (place.dataset['part']) {
    case 'theatre': {
      const { Theatre } = await import('./theatre.tsx');
      render(<Theatre />, place);
      break;
    }
    case 'matrix': {
      const { Matrix } = await import('./matrix.tsx');
      render(<Matrix />, place);
      break;
    }
    case 'exercises': {
      const { Exercises } = await import('./exercises.tsx');
      render(<Exercises />, place);
      break;
    }
    default:
      throw new Error(`There is no part “${place.dataset['part']}” of the NAT lesson.`);
  }
}
