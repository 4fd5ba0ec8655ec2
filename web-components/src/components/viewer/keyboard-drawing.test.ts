import { beforeEach, describe, expect, test } from "vitest";
import { Annotations } from "../../imaging/annotations.js";
import { ScreenMap, type Point } from "../../imaging/screen-map.js";
import { AnnotationInput } from "./annotation-input.js";
import { KeyboardDrawing, type KeyPress } from "./keyboard-drawing.js";
import type { Tool } from "./tool.js";

const SIDE = 100;
/** Each pixel is two of the screen wide, from 10\20 on. */
const upright = new ScreenMap({ topLeft: [10, 20], topRight: [210, 20], bottomLeft: [10, 220] }, SIDE, SIDE);
/** Turned clockwise by a quarter: rows run to the left. */
const turned = new ScreenMap({ topLeft: [210, 20], topRight: [210, 220], bottomLeft: [10, 20] }, SIDE, SIDE);
const MIDDLE: Point = [110, 120];
let map: ScreenMap;
let tool: Tool;
let image: { imageId: string; rows: number; columns: number };
let annotations: Annotations;
let keyboard: KeyboardDrawing;

beforeEach(() => {
  map = upright;
  tool = "length";
  image = { imageId: "first", rows: SIDE, columns: SIDE };
  annotations = new Annotations(() => undefined);
  const target = {
    get stage() {
      return { map };
    },
    get image() {
      return image;
    },
    get tool() {
      return tool;
    },
    changed: () => undefined,
  };
  keyboard = new KeyboardDrawing(target, annotations, new AnnotationInput(annotations));
});

function press(key: string, held: Partial<KeyPress> = {}): boolean {
  return keyboard.press(
    { key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held },
    () => MIDDLE,
  );
}

function go(key: string, steps: number, held: Partial<KeyPress> = {}): void {
  for (let step = 0; step < steps; step += 1) press(key, held);
}

const drawn = () => annotations.whole.map(({ tool: of, points }) => ({ tool: of, points }));

describe("drawing", () => {
  test("a length is from where Enter puts down its first point to where it puts down its second", () => {
    expect(press("Enter")).toBe(true);
    expect(keyboard.current).toMatchObject({ phase: "begun", cursor: [50.5, 50.5] });
    go("ArrowLeft", 3);
    press("Enter");
    go("ArrowRight", 2, { shiftKey: true });
    go("ArrowDown", 4);
    expect(keyboard.current?.phase).toBe("placing");
    press("Enter");
    expect(keyboard.current?.phase).toBe("placed");
    const [length] = drawn();
    expect(length?.tool).toBe("length");
    expect(length?.points[0]?.map(rounded)).toEqual([47.5, 50.5]);
    expect(length?.points[1]?.map(rounded)).toEqual([67.5, 54.5]);
  });

  test("an angle has three points, and a second Enter at the same place puts down nothing", () => {
    tool = "angle";
    for (const [key, steps] of [
      ["ArrowLeft", 0],
      ["ArrowRight", 10],
      ["ArrowDown", 10],
    ] as const) {
      go(key, steps);
      if (steps === 0) press("Enter");
      press("Enter");
      press("Enter");
    }
    expect(drawn().map(({ points }) => points.map((point) => point.map(rounded)))).toEqual([
      [
        [50.5, 50.5],
        [60.5, 50.5],
        [60.5, 60.5],
      ],
    ]);
  });

  test.each(["rectangle", "ellipse"] as const)("a %s has two corners", (shape) => {
    tool = shape;
    press("Enter");
    press("Enter");
    go("ArrowRight", 5);
    go("ArrowUp", 6);
    press("Enter");
    expect(drawn().map(({ points }) => points.map((point) => point.map(rounded)))).toEqual([
      [
        [50.5, 50.5],
        [55.5, 44.5],
      ],
    ]);
  });

  test("a value takes one point", () => {
    tool = "probe";
    press("Enter");
    press("Enter");
    expect(drawn()).toEqual([{ tool: "probe", points: [[50.5, 50.5]] }]);
    expect(keyboard.current?.phase).toBe("placed");
  });

  test("arrows go as the screen lies, and never off the image", () => {
    map = turned;
    press("Enter");
    press("ArrowRight");
    // What lies to the right is the row before.
    expect(keyboard.current?.cursor.map(rounded)).toEqual([50.5, 49.5]);
    go("ArrowRight", 20, { shiftKey: true });
    expect(keyboard.current?.cursor.map(rounded)).toEqual([50.5, 0.5]);
  });
});

describe("what is there", () => {
  beforeEach(() => {
    annotations.begin("first", "length", [
      [20.5, 20.5],
      [40.5, 20.5],
    ]);
    annotations.begin("second", "probe", [[5.5, 5.5]]);
    tool = "window";
  });

  test("n goes from point to point of this image, with any tool, and Enter takes one up and puts it down", () => {
    press("n");
    expect(keyboard.current).toMatchObject({ cursor: [20.5, 20.5], annotation: 1 });
    press("n");
    expect(keyboard.current?.cursor).toEqual([40.5, 20.5]);
    press("n");
    expect(keyboard.current?.cursor).toEqual([20.5, 20.5]);
    press("Enter");
    go("ArrowDown", 3);
    press("Enter");
    expect(drawn()[0]?.points.map((point) => point.map(rounded))).toEqual([
      [20.5, 23.5],
      [40.5, 20.5],
    ]);
  });

  test("Escape puts a point back, takes away what is not whole, and then the cursor", () => {
    press("n");
    press("Enter");
    go("ArrowDown", 3);
    press("Escape");
    expect(keyboard.current?.phase).toBe("canceled");
    expect(drawn()[0]?.points[0]).toEqual([20.5, 20.5]);
    tool = "ellipse";
    go("ArrowDown", 30);
    press("Enter");
    go("ArrowRight", 5);
    expect(annotations.on("first")).toHaveLength(2);
    press("Escape");
    expect(annotations.on("first")).toHaveLength(1);
    expect(press("Escape")).toBe(true);
    expect(keyboard.current).toBeUndefined();
    expect(press("Escape")).toBe(false);
  });
});

test("without a cursor arrows, and without a measuring tool Enter, are left to others; Tab always is", () => {
  expect(press("ArrowDown")).toBe(false);
  expect(press("n")).toBe(false);
  tool = "zoom";
  expect(press("Enter")).toBe(false);
  tool = "length";
  press("Enter");
  expect(press("Tab")).toBe(false);
  expect(press("PageDown")).toBe(false);
  expect(press("Enter", { ctrlKey: true })).toBe(false);
});

test("the cursor is of one image", () => {
  press("Enter");
  image = { ...image, imageId: "second" };
  expect(keyboard.current).toBeUndefined();
  expect(press("ArrowDown")).toBe(false);
});

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
