data "appypie_popular_matches" "all" {}
