"""The page in a real browser: it is quiet, loads nothing, and does what its buttons say."""

import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from commands import BUILD

MAKE_PAGE = BUILD / "tests" / "report" / "report_test_page"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def program(*names):
    """The first of the names that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"none of {names} is installed; ./dev test installs them"
    return found


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    subprocess.run([MAKE_PAGE, path], check=True, capture_output=True, timeout=60)
    return path


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    profile = tmp_path_factory.mktemp("profile")
    for flag in FLAGS + [f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    yield made
    made.quit()


class Screen:
    """The page, opened at a width, in a browser that prefers light or dark."""

    def __init__(self, driver, path, width=1280, scheme="light"):
        self.driver = driver
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        driver.get(pathlib.Path(path).as_uri())

    def run(self, script):
        return self.driver.execute_script("return " + script)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def paper(self):
        return self.run("getComputedStyle(document.body).backgroundColor")


def test_page_is_small_quiet_and_loads_nothing(driver, page):
    assert os.path.getsize(page) < 1_000_000
    driver.get_log("performance")
    screen = Screen(driver, page)
    assert driver.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events
             if event["method"] == "Network.requestWillBeSent"
             and event["params"]["documentURL"] == page.as_uri()]
    assert page.as_uri() in asked
    assert all(url == page.as_uri() or url.startswith("data:") for url in asked)
    assert screen.run("window.broken") is None
    assert screen.run("document.images.length") == 0


def test_plots_can_be_seen_and_say_what_they_are(driver, page):
    screen = Screen(driver, page)
    shown = [plot for plot in screen.all("svg.plot") if plot.is_displayed()]
    assert len(shown) == 8
    for plot in shown:
        assert plot.size["width"] > 500 and plot.size["height"] > 150
        assert plot.get_attribute("role") == "img" and plot.get_attribute("aria-label")
        assert plot.find_element(By.TAG_NAME, "desc").get_attribute("textContent")
        assert plot.find_elements(By.CSS_SELECTOR, ".m, .bar")
        # No text of an axis leaves the drawing.
        outside = screen.driver.execute_script(
            """const box = arguments[0].getBoundingClientRect();
            return [...arguments[0].querySelectorAll('text')].filter(text => {
              const one = text.getBoundingClientRect();
              return one.left < box.left - 12 || one.right > box.right + 12;
            }).map(text => text.textContent);""", plot)
        assert outside == []


@pytest.mark.parametrize("width", [390, 1280])
def test_points_that_stand_out_of_a_line_are_larger_and_named(driver, page, width):
    screen = Screen(driver, page, width)
    kind = "narrow" if width < 600 else "wide"
    drawing = next(plot for plot in screen.all(f"svg.plot.{kind}")
                   if plot.get_attribute("aria-label") == "Validation NDCG@10 while training")
    radii = [float(mark.get_attribute("r") or 0) if mark.tag_name == "circle" else 0
             for mark in drawing.find_elements(By.CSS_SELECTOR, ".m")]
    assert radii.count(6) == 3 and radii.count(3) == 45
    names = {text.text for text in drawing.find_elements(By.CSS_SELECTOR, "text.label")}
    assert names == {"step 9", "step 11", "step 13"}


def test_every_download_is_a_csv_of_its_own(driver, page):
    screen = Screen(driver, page)
    links = screen.all("a[download]")
    assert len(links) == 9
    names = [link.get_attribute("download") for link in links]
    assert len(set(names)) == len(names) and all(name.endswith(".csv") for name in names)
    kind, _, text = links[0].get_attribute("href").partition(",")
    assert kind == "data:text/csv;charset=utf-8"
    lines = urllib.parse.unquote(text).splitlines()
    assert lines[0] == "model,users,ndcg@10,95% low,95% high,coverage@10,speed"
    assert len(lines) == 21


def test_saving_puts_a_file_on_the_disk(driver, page, tmp_path):
    screen = Screen(driver, page)
    driver.execute_cdp_cmd("Browser.setDownloadBehavior",
                           {"behavior": "allow", "downloadPath": str(tmp_path)})
    screen.run("document.querySelectorAll('a[download]')[1].click()")
    driver.implicitly_wait(0)
    for _ in range(50):
        saved = list(tmp_path.glob("*.csv"))
        if saved:
            break
        driver.execute_async_script("setTimeout(arguments[0], 100)")
    assert saved[0].read_text().startswith("series,coverage@10,ndcg@10,low,high,label")


def test_dark_and_light_by_preference_and_by_button(driver, page):
    light, dark = Screen(driver, page).paper(), Screen(driver, page, scheme="dark").paper()
    assert light == "rgb(255, 255, 255)" and dark != light
    screen = Screen(driver, page, scheme="dark")
    screen.all("#theme")[0].click()
    assert screen.paper() == light
    screen.all("#theme")[0].click()
    assert screen.paper() == dark


def test_a_phone_gets_drawings_of_its_own_and_never_scrolls_sideways(driver, page):
    screen = Screen(driver, page, width=390)
    assert screen.run("document.documentElement.scrollWidth") <= 390
    shown = [plot for plot in screen.all("svg.plot") if plot.is_displayed()]
    assert len(shown) == 8 and all("narrow" in plot.get_attribute("class") for plot in shown)


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_only_wide_tables_scroll_and_words_stay_whole(driver, page, width):
    screen = Screen(driver, page, width)
    boxes = screen.run("""[...document.querySelectorAll('.scroll')].map(box =>
        [box.scrollWidth, box.clientWidth, box.querySelector('table').offsetWidth])""")
    assert boxes and all(inside <= max(box, table) for inside, box, table in boxes)
    lines = screen.run("""(() => {
        const rows = document.querySelector('tbody').rows;
        rows[0].cells[0].textContent = 'word';
        const height = rows[0].cells[0].offsetHeight;
        rows[0].cells[0].textContent = 'mean_request_latency';
        return rows[0].cells[0].offsetHeight / height;
    })()""")
    assert lines == 1


def test_tables_sort_by_full_numbers_with_missing_ones_last(driver, page):
    screen = Screen(driver, page)
    column = ("[...document.querySelector('tbody').rows].map(row => row.cells[5].textContent)")
    screen.run("document.querySelectorAll('th button')[5].click()")
    falling = screen.run(column)
    assert falling[0] == "6.7x" and falling[-1] == "-"
    screen.run("document.querySelectorAll('th button')[5].click()")
    rising = screen.run(column)
    assert rising[0] == "1.0x" and rising[-1] == "-"


def test_a_series_can_be_hidden_and_a_mark_tells_its_numbers(driver, page):
    screen = Screen(driver, page)
    button = screen.all(".legend button")[0]
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    figure = button.find_element(By.XPATH, "ancestor::figure")
    assert not figure.find_element(By.CSS_SELECTOR, 'svg.wide [data-s="0"]').is_displayed()
    bar = figure.find_element(By.CSS_SELECTOR, 'svg.wide [data-s="1"] .bar')
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", bar)
    tip = screen.all("#tip")[0]
    for shift in range(20):  # the page may still be scrolling, which hides the tip
        webdriver.ActionChains(driver).move_to_element_with_offset(bar, shift % 2, 0).perform()
        if tip.is_displayed():
            break
    assert tip.is_displayed() and tip.text.startswith("model 2\n1 to 4: 0.056 [0.048, 0.065]")
