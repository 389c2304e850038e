// Four charts of a year. A click on a bar narrows the list below.

const ACCENT = "#0b6b68";
const SEVERITY_INK = { error: "#c0504d", warning: "#d3a237", advice: "#6f9bc8" };
const INK = "#3d4650";
const FONT = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: INK };
const MOST_BARS = 12;
const charts = [];

function drawCharts(target, year, narrow) {
  charts.splice(0).forEach((chart) => chart.dispose());
  target.replaceChildren();
  for (const make of [rateChart, gradeChart, kindChart, scoreChart]) {
    const { title, note, option, select, spoken } = make(year);
    const canvas = element("div", { class: "canvas", role: "img", "aria-label": `${title}：${spoken}` });
    target.append(element("figure", {}, element("figcaption", {}, element("b", {}, title), element("span", {}, note)), canvas));
    const chart = echarts.init(canvas, null, { renderer: "svg", locale: "ZH" });
    chart.setOption({ animation: false, textStyle: FONT, ...option });
    chart.on("click", (event) => narrow(select(event.dataIndex)));
    charts.push(chart);
  }
}

function resizeCharts() {
  charts.forEach((chart) => chart.resize());
}

// On paper the drawings shrink with their frames.
function scaleCharts() {
  for (const chart of charts) {
    chart.getDom().querySelector("svg").setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  }
}

const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Bars that lie, the first one on top.
function lyingBars(names, values, label, colour) {
  return {
    grid: { left: 8, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", show: false, min: 0 },
    yAxis: {
      type: "category",
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#c6ccd2" } },
      axisLabel: { ...FONT, formatter: (name) => shortened(name, 13) },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 18,
        cursor: "pointer",
        data: values.map((value, at) => ({ value, itemStyle: { color: colour(at), borderRadius: [0, 3, 3, 0] } })),
        label: { ...FONT, show: true, position: "right", formatter: ({ dataIndex }) => label(dataIndex) },
      },
    ],
  };
}

function standingBars(names, values, label) {
  return {
    grid: { left: 8, right: 8, top: 24, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: "#c6ccd2" } },
      axisLabel: { ...FONT, interval: 0 },
    },
    yAxis: { type: "value", show: false, min: 0 },
    series: [
      {
        type: "bar",
        barMaxWidth: 56,
        cursor: "pointer",
        data: values.map((value) => ({ value, itemStyle: { color: ACCENT, borderRadius: [3, 3, 0, 0] } })),
        label: { ...FONT, show: true, position: "top", formatter: ({ dataIndex }) => label(dataIndex) },
      },
    ],
  };
}

function rateChart(year) {
  const largest = departments.filter((each) => each.year === year && each.rate !== null).slice(0, MOST_BARS);
  const shown = largest.sort((a, b) => a.rate - b.rate);
  const all = departments.filter((each) => each.year === year).length;
  return {
    title: "各部门执行率",
    note: all > shown.length ? `预算最大的 ${shown.length} 个部门，低的在前` : "低的在前",
    spoken: shown.map((each) => `${each.name} ${percent(each.rate)}`).join("，"),
    option: lyingBars(
      shown.map((each) => each.name),
      shown.map((each) => each.rate),
      (at) => percent(shown[at].rate),
      () => ACCENT,
    ),
    select: (at) => ({ department: shown[at].name }),
  };
}

function gradeChart(year) {
  const counts = data.years.find((each) => each.year === year).grades;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const share = (count) => (all ? `${((100 * count) / all).toFixed(1)}%` : "");
  return {
    title: "等级",
    note: "项目个数和所占比例",
    spoken: data.grades.map((grade, at) => `${grade} ${counts[at]} 个`).join("，"),
    option: standingBars(data.grades, counts, (at) => `${counts[at]}  ${share(counts[at])}`),
    select: (at) => ({ grade: data.grades[at] }),
  };
}

function kindChart(year) {
  const shown = data.kinds.filter((kind) => kind[2] === year).slice(0, MOST_BARS);
  const severity = (at) => SEVERITIES.find(({ key }) => key === shown[at][1]);
  return {
    title: "问题类型",
    note: shown.length ? "处数多的在前" : "没有发现问题",
    spoken: shown.map(([code, , , count], at) => `${severity(at).word} ${data.codes[code]} ${count} 处`).join("，"),
    option: lyingBars(
      shown.map(([code], at) => `${severity(at).sign} ${data.codes[code]}`),
      shown.map((kind) => kind[3]),
      (at) => String(shown[at][3]),
      (at) => SEVERITY_INK[shown[at][1]],
    ),
    select: (at) => ({ code: shown[at][0] }),
  };
}

function scoreChart(year) {
  const counts = data.years.find((each) => each.year === year).scores;
  return {
    title: "总分分布",
    note: "项目个数",
    spoken: SCORE_BINS.map((bin, at) => `${bin} 分 ${counts[at]} 个`).join("，"),
    option: standingBars(SCORE_BINS, counts, (at) => String(counts[at])),
    select: (at) => ({ bin: at }),
  };
}
