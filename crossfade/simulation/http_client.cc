// The client's only translation unit with Boost in it. Each connection is a small state machine; a
// count of its lives tells handlers of an older one that they come too late.
#include "crossfade/simulation/http_client.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds kTick{20};
constexpr std::size_t kFirstBuffer = 2048;

// One answer: its status and body.
class ReplyParser final : public http::basic_parser<false> {
 public:
  ReplyParser(const HttpClientLimits& limits, std::string& body) : body_(body) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(static_cast<std::uint64_t>(limits.body_bytes));
    body_.clear();
  }
  int status() const { return status_; }

 private:
  using Text = boost::beast::string_view;
  void on_request_impl(http::verb, Text, Text, int, error_code&) override {}
  void on_response_impl(int status, Text, int, error_code&) override { status_ = status; }
  void on_field_impl(http::field, Text, Text, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text piece, error_code&) override {
    body_.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text piece, error_code&) override {
    body_.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  std::string& body_;
  int status_ = 0;
};

struct Shared {
  asio::io_context loop{1};
  HttpClientLimits limits;
  const Clock& clock;
  HttpClient::Take take;
  tcp::resolver::results_type addresses;
  std::int64_t taken = 0, made = 0;
};

class Connection {
 public:
  Connection(Shared& shared, std::int32_t number)
      : shared_(shared), socket_(shared.loop), number_(number), input_(kFirstBuffer) {}

  void send(std::string_view request);
  void check_deadline(std::int64_t now_ns);

 private:
  void connect();
  void write();
  void read();
  void on_read(error_code ec, std::size_t bytes);
  // True when the answer is whole.
  bool parse();
  void lose(Loss loss);
  // The connection has gone: once more if nothing had come of an answer on one that was used
  // before.
  void on_gone();
  void reply(Loss loss);
  void close();

  // Runs `body` unless the connection has begun a new life since.
  template <class Body>
  auto while_alive(Body&& body) {
    return [this, life = life_, body](error_code ec, auto&&... rest) {
      if (life == life_) body(ec, rest...);
    };
  }

  Shared& shared_;
  tcp::socket socket_;
  std::int32_t number_;
  std::string request_, body_;
  std::vector<char> input_;
  std::size_t end_ = 0;  // bytes of input_ that are not parsed
  std::optional<ReplyParser> parser_;
  bool busy_ = false, connected_ = false;
  bool used_ = false;  // this connection has brought an answer before
  std::int64_t life_ = 0, start_ns_ = 0;
};

void Connection::send(std::string_view request) {
  request_.assign(request);
  busy_ = true;
  start_ns_ = shared_.clock.steady_ns();
  if (connected_)
    write();
  else
    connect();
}

void Connection::connect() {
  used_ = false;
  ++shared_.made;
  asio::async_connect(socket_, shared_.addresses, while_alive([this](error_code ec, const auto&) {
                        if (ec) return lose(Loss::kNoConnection);
                        error_code ignored;
                        connected_ = true;
                        socket_.non_blocking(true, ignored);
                        socket_.set_option(tcp::no_delay(true), ignored);
                        write();
                      }));
}

void Connection::write() {
  parser_.emplace(shared_.limits, body_);
  end_ = 0;
  error_code ec;
  const std::size_t sent = socket_.write_some(asio::buffer(request_), ec);
  if (ec && ec != asio::error::would_block) return on_gone();
  const std::size_t done = ec ? 0 : sent;
  if (done == request_.size()) return read();
  asio::async_write(socket_, asio::buffer(request_.data() + done, request_.size() - done),
                    while_alive([this](error_code failed, std::size_t) {
                      if (failed) return on_gone();
                      read();
                    }));
}

void Connection::read() {
  socket_.async_read_some(
      asio::buffer(input_.data() + end_, input_.size() - end_),
      while_alive([this](error_code ec, std::size_t bytes) { on_read(ec, bytes); }));
}

void Connection::on_read(error_code ec, std::size_t bytes) {
  if (ec == asio::error::eof && parser_->got_some()) {
    error_code bad;
    parser_->put_eof(bad);  // fine if the body goes on to the end of the connection
    if (!bad && parser_->is_done()) return reply(Loss::kNone);
    return lose(Loss::kConnectionLost);
  }
  if (ec) return on_gone();
  end_ += bytes;
  if (parse()) reply(Loss::kNone);
}

bool Connection::parse() {
  std::size_t begin = 0;
  while (begin < end_) {
    error_code ec;
    begin += parser_->put(asio::buffer(input_.data() + begin, end_ - begin), ec);
    if (ec == http::error::need_more) break;
    if (ec) {
      lose(Loss::kGarbage);
      return false;
    }
    if (!parser_->is_done()) continue;
    if (parser_->status() / 100 == 1) {  // "continue": the answer is still to come
      parser_.emplace(shared_.limits, body_);
      continue;
    }
    if (begin < end_) connected_ = false;  // more than was asked for: not to be trusted again
    return true;
  }
  std::copy(input_.begin() + static_cast<std::ptrdiff_t>(begin),
            input_.begin() + static_cast<std::ptrdiff_t>(end_), input_.begin());
  end_ -= begin;
  // The parser ends a line that is longer than its limit, so this does as well.
  if (end_ == input_.size()) input_.resize(input_.size() * 2);
  read();
  return false;
}

void Connection::lose(Loss loss) {
  close();
  reply(loss);
}

void Connection::on_gone() {
  const bool once_more = used_ && !parser_->got_some() && end_ == 0;
  close();
  if (once_more)
    connect();
  else
    reply(Loss::kConnectionLost);
}

void Connection::reply(Loss loss) {
  HttpReply reply;
  reply.connection = number_;
  reply.loss = loss;
  reply.latency_s = static_cast<double>(shared_.clock.steady_ns() - start_ns_) * 1e-9;
  if (loss == Loss::kNone) {
    reply.status = parser_->status();
    reply.body = body_;
    used_ = true;
    if (!connected_ || !parser_->keep_alive()) close();
  }
  busy_ = false;
  ++shared_.taken;
  shared_.take(reply);
}

void Connection::close() {
  ++life_;
  connected_ = false;
  error_code ignored;
  socket_.close(ignored);
}

void Connection::check_deadline(std::int64_t now_ns) {
  if (busy_ && now_ns - start_ns_ > shared_.limits.deadline_ms * 1000000) lose(Loss::kLate);
}

}  // namespace

struct HttpClient::State {
  explicit State(const HttpClientLimits& limits, const Clock& clock, Take take)
      : shared{.limits = limits, .clock = clock, .take = std::move(take), .addresses = {}},
        timer(shared.loop) {
    tick();
  }

  void tick() {
    const std::int64_t now_ns = shared.clock.steady_ns();
    for (const auto& connection : connections) connection->check_deadline(now_ns);
    ticked = true;
    timer.expires_after(kTick);
    timer.async_wait([this](error_code ec) {
      if (!ec) tick();
    });
  }

  Shared shared;
  asio::steady_timer timer;
  std::vector<std::unique_ptr<Connection>> connections;
  bool ticked = false;
};

Result<HttpUrl> parse_url(const std::string& text) {
  std::string rest = text;
  const std::size_t scheme = rest.find("://");
  if (scheme != std::string::npos) {
    if (rest.substr(0, scheme) != "http")
      return usage_error("the URL '" + text + "' is not http://; there is no TLS here, so put a " +
                         "proxy in front of the server or ask it directly");
    rest.erase(0, scheme + 3);
  }
  HttpUrl url;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  url.path = rest.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  const std::string place = rest.substr(0, slash);
  const std::size_t colon = place.rfind(':');
  const bool has_port = colon != std::string::npos && place.find(']', colon) == std::string::npos;
  url.host = place.substr(0, has_port ? colon : place.size());
  url.port = has_port ? place.substr(colon + 1) : "80";
  if (url.host.starts_with('[') && url.host.ends_with(']'))
    url.host = url.host.substr(1, url.host.size() - 2);
  const auto port = parse_int(url.port);
  if (url.host.empty() || !port || *port < 1 || *port > 65535)
    return usage_error("'" + text + "' is no URL of a server; it has the form http://host:port");
  return url;
}

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(const HttpUrl& url, std::int64_t connections,
                                      const HttpClientLimits& limits, const Clock& clock,
                                      Take take) {
  auto state = std::make_unique<State>(limits, clock, std::move(take));
  error_code ec;
  tcp::resolver resolver(state->shared.loop);
  state->shared.addresses = resolver.resolve(url.host, url.port, ec);
  if (ec) return failed("cannot find the address of " + url.host + ": " + ec.message());
  for (std::int64_t c = 0; c < connections; ++c)
    state->connections.push_back(
        std::make_unique<Connection>(state->shared, static_cast<std::int32_t>(c)));
  return HttpClient(std::move(state));
}

void HttpClient::send(std::int32_t connection, std::string_view request) {
  state_->connections[static_cast<std::size_t>(connection)]->send(request);
}

void HttpClient::wait() {
  Shared& shared = state_->shared;
  const std::int64_t before = shared.taken;
  state_->ticked = false;
  while (shared.taken == before && !state_->ticked) shared.loop.run_one();
  shared.loop.poll();  // what else has come goes into the same batch
}

std::int64_t HttpClient::connections_made() const {
  return state_->shared.made;
}

}  // namespace crossfade
